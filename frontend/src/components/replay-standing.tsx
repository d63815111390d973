import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Replay } from "@/client/contract";

const VERDICTS = {
  lift: ["text-ok", t`It helps`],
  no_lift: ["text-mute", t`No measurable lift`],
  harm: ["text-bad", t`It does harm`],
} as const;

/** What a replay found, or how far it is. */
export function ReplayStanding({ replay }: { replay: Replay }) {
  if (replay.status === "running") {
    return (
      <strong role="status">
        <Trans>
          Trying: {replay.done_count} of {replay.case_count} turns
        </Trans>
      </strong>
    );
  }
  if (replay.status === "cancelled") return <strong>{t`Stopped`}</strong>;
  if (replay.status === "failed") return <strong>{t`Could not be tried`}</strong>;
  // One turn shows what happens, and proves nothing.
  if (!replay.verdict) return <strong className="font-medium">{t`One turn, no verdict`}</strong>;
  const [colour, text] = VERDICTS[replay.verdict];
  return <strong className={colour}>{text}</strong>;
}

/** A bar while it runs; nothing before and after. */
export function ReplayProgress({ replay }: { replay: Replay }) {
  if (replay.status !== "running") return null;
  return (
    <progress
      className="h-1.5 w-full accent-accent"
      aria-label={t`Turns tried`}
      max={replay.case_count}
      value={replay.done_count}
    />
  );
}
