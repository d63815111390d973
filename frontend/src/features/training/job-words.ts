import type { TrainingJob } from "@/client/contract";
import type { Tone } from "@/components/tag";

type Status = TrainingJob["status"];

export const JOB_STATUS: Record<Status, { name: string; tone: Tone }> = {
  queued: { name: "queued", tone: "info" },
  waiting_window: { name: "waits for a window", tone: "quiet" },
  running: { name: "training", tone: "accent" },
  paused: { name: "paused", tone: "warn" },
  gating: { name: "being tried", tone: "info" },
  done: { name: "done", tone: "ok" },
  failed: { name: "failed", tone: "bad" },
  cancelled: { name: "cancelled", tone: "quiet" },
};

export const TRIGGER: Record<TrainingJob["trigger"], string> = {
  window: "a window opened",
  full: "a batch was full",
  hand: "asked for by hand",
  api: "asked for by a program",
};

export const isUnderWay = ({ status }: TrainingJob) =>
  status !== "done" && status !== "failed" && status !== "cancelled";

/** What a job is at, where it has nothing of its own to say. */
export function standing(job: TrainingJob): string {
  if (job.note) return job.note;
  if (job.wants_cancel && isUnderWay(job)) return "Ends after the step in hand.";
  if (job.wants_pause && job.status === "running") return "Pauses after the step in hand.";
  if (job.status === "queued") return "Waits for a worker.";
  if (job.status === "running") return `Step ${job.done_steps + 1} is under way.`;
  if (job.status === "gating") return "Its checkpoint is tried against what serves now.";
  return "";
}

/** Where the way on leads to, beside what the job's own buttons do. */
export type WayOn = { text: string; to?: "upstreams" | "training" | "settings" | "windows" };

const AGAIN = "It is tried again by itself.";
const WAYS_ON: Record<string, WayOn> = {
  key_missing: { text: "Enter the key, then resume.", to: "upstreams" },
  key_refused: { text: "Enter the key again, then resume.", to: "upstreams" },
  billing: { text: "Add credit with the provider, then resume." },
  unreachable: { text: "See that the trainer runs and the address is right.", to: "upstreams" },
  gone: { text: "Cancel it, and train on from another checkpoint." },
  unknown_model: { text: "Cancel it, and choose another base model.", to: "settings" },
  refused: { text: "Cancel it, change what was refused, and train again.", to: "settings" },
  budget: { text: "Raise the limit and resume, or leave it for another day.", to: "training" },
  no_samples: { text: "See what keeps samples out, then resume.", to: "training" },
  no_rules: { text: "Set windows, or train now.", to: "windows" },
  teacher: { text: "Name another teacher, and train again.", to: "settings" },
};

/** What a person may do about it; nothing where the buttons say it all. */
export function wayOn(job: TrainingJob): WayOn | null {
  const found = WAYS_ON[job.reason];
  const isRetried = job.status === "running" || job.status === "queued";
  if (isRetried && job.reason) return { ...found, text: found ? `${AGAIN} ${found.text}` : AGAIN };
  return found ?? null;
}
