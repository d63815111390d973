import { t } from "@lingui/core/macro";
import { Tag } from "./tag";

type Props = { what?: string; title?: string };

/** Marks whatever came from a practice model rather than from a real one. */
export function SimulatedTag({
  what = t`simulated`,
  title = t`Answered by the built-in practice model, not by a real provider`,
}: Props) {
  return (
    <Tag tone="info" title={title}>
      {what}
    </Tag>
  );
}
