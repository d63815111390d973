import type { Canary } from "@/client/contract";
import { Tag } from "@/components/tag";

const SHOWN = {
  running: { tone: "info", text: "running" },
  promoted: { tone: "ok", text: "promoted" },
  rolled_back: { tone: "bad", text: "rolled back" },
  no_lift: { tone: "quiet", text: "no lift" },
  stopped: { tone: "warn", text: "stopped" },
  superseded: { tone: "quiet", text: "superseded" },
} as const;

export function CanaryTag({ status }: { status: Canary["status"] }) {
  const { tone, text } = SHOWN[status];
  return <Tag tone={tone}>{text}</Tag>;
}
