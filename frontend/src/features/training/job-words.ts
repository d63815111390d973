import { t } from "@lingui/core/macro";
import type { TrainingJob } from "@/client/contract";
import { isUnderWay } from "@/components/training-status";
import { saidText } from "@/lib/said";

export const TRIGGER: Record<TrainingJob["trigger"], string> = {
  window: t`a window opened`,
  full: t`a batch was full`,
  hand: t`asked for by hand`,
  api: t`asked for by a program`,
};

/** What a job is at, where it has nothing of its own to say. */
export function standing(job: TrainingJob): string {
  if (job.note) return saidText(job.note, job.note_said);
  if (job.wants_cancel && isUnderWay(job)) return t`Ends after the step in hand.`;
  if (job.wants_pause && job.status === "running") return t`Pauses after the step in hand.`;
  if (job.status === "queued") return t`Waits for a worker.`;
  if (job.status === "running") return t`Step ${job.done_steps + 1} is under way.`;
  if (job.status === "gating") return t`Its checkpoint is tried against what serves now.`;
  return "";
}

/** Where the way on leads to, beside what the job's own buttons do. */
export type WayOn = { text: string; to?: "upstreams" | "training" | "settings" | "windows" };

const AGAIN = t`It is tried again by itself.`;
const WAYS_ON: Record<string, WayOn> = {
  key_missing: { text: t`Enter the key, then resume.`, to: "upstreams" },
  key_refused: { text: t`Enter the key again, then resume.`, to: "upstreams" },
  billing: { text: t`Add credit with the provider, then resume.` },
  unreachable: { text: t`See that the trainer runs and the address is right.`, to: "upstreams" },
  gone: { text: t`Cancel it, and train on from another checkpoint.` },
  unknown_model: { text: t`Cancel it, and choose another base model.`, to: "settings" },
  refused: { text: t`Cancel it, change what was refused, and train again.`, to: "settings" },
  budget: { text: t`Raise the limit and resume, or leave it for another day.`, to: "training" },
  no_samples: { text: t`See what keeps samples out, then resume.`, to: "training" },
  no_rules: { text: t`Set windows, or train now.`, to: "windows" },
  judge: { text: t`See that a judge is named and answers.`, to: "upstreams" },
  teacher: { text: t`Name another teacher, and train again.`, to: "settings" },
};

/** What a person may do about it; nothing where the buttons say it all. */
export function wayOn(job: TrainingJob): WayOn | null {
  const found = WAYS_ON[job.reason];
  const isRetried = job.status === "running" || job.status === "queued";
  if (isRetried && job.reason) return { ...found, text: found ? `${AGAIN} ${found.text}` : AGAIN };
  return found ?? null;
}
