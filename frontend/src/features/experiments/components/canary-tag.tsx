import { t } from "@lingui/core/macro";
import type { Canary } from "@/client/contract";
import { Tag } from "@/components/tag";

const SHOWN = {
  running: { tone: "info", text: t`running` },
  promoted: { tone: "ok", text: t`promoted` },
  rolled_back: { tone: "bad", text: t`rolled back` },
  no_lift: { tone: "quiet", text: t`no lift` },
  stopped: { tone: "warn", text: t`stopped` },
  superseded: { tone: "quiet", text: t`superseded` },
} as const;

export function CanaryTag({ status }: { status: Canary["status"] }) {
  const { tone, text } = SHOWN[status];
  return <Tag tone={tone}>{text}</Tag>;
}
