import { t } from "@lingui/core/macro";
import type { Rollout, RolloutEpisode } from "@/client/contract";
import type { Tone } from "@/components/tag";

export const ROLLOUT_STATUS: Record<Rollout["status"], { name: string; tone: Tone }> = {
  queued: { name: t`queued`, tone: "info" },
  running: { name: t`playing`, tone: "accent" },
  done: { name: t`done`, tone: "ok" },
  failed: { name: t`failed`, tone: "bad" },
  cancelled: { name: t`cancelled`, tone: "quiet" },
};

export const EPISODE_STATUS: Record<RolloutEpisode["status"], { name: string; tone: Tone }> = {
  waiting: { name: t`waits`, tone: "quiet" },
  played: { name: t`played`, tone: "ok" },
  failed: { name: t`failed`, tone: "bad" },
};

export const isOpen = ({ status }: Rollout) => status === "queued" || status === "running";

/** What is played, and for whom. */
export function purpose(rollout: Rollout): string {
  const what =
    rollout.origin === "resample" ? t`Recorded prompts` : rollout.task_set_name || t`Tasks`;
  if (rollout.step !== null) return t`${what}, for step ${rollout.step} of a job`;
  return rollout.asked_by ? t`${what}, asked for by ${rollout.asked_by}` : what;
}
