import { t } from "@lingui/core/macro";
import type { TrainingJob } from "@/client/contract";
import type { Tone } from "./tag";

type Status = TrainingJob["status"];

export const JOB_STATUS: Record<Status, { name: string; tone: Tone }> = {
  queued: { name: t`queued`, tone: "info" },
  waiting_window: { name: t`waits for a window`, tone: "quiet" },
  running: { name: t`training`, tone: "accent" },
  paused: { name: t`paused`, tone: "warn" },
  gating: { name: t`being tried`, tone: "info" },
  done: { name: t`done`, tone: "ok" },
  failed: { name: t`failed`, tone: "bad" },
  cancelled: { name: t`cancelled`, tone: "quiet" },
};

export const isUnderWay = ({ status }: TrainingJob) =>
  status !== "done" && status !== "failed" && status !== "cancelled";
