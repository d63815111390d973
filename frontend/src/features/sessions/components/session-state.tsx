import { t } from "@lingui/core/macro";
import { Tag } from "@/components/tag";

/** Whether more is expected of a session. */
export function SessionState({ state }: { state: string }) {
  const isOpen = state === "open";
  return <Tag tone={isOpen ? "info" : "quiet"}>{isOpen ? t`open` : t`closed`}</Tag>;
}
