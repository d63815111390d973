import { t } from "@lingui/core/macro";
import type { TrainingPolicy } from "@/client/contract";

export const MODE: Record<TrainingPolicy["mode"], { name: string; note: string }> = {
  off: { name: t`only by hand`, note: t`Nothing begins by itself.` },
  auto: { name: t`in windows`, note: t`A job begins in the next window there are samples for.` },
  rl: {
    name: t`when a batch is full`,
    note: t`At any hour, as soon as there are samples for a step.`,
  },
};

export const SOURCE: Record<TrainingPolicy["source"], { name: string; note: string }> = {
  turns: { name: t`recorded turns`, note: t`Answers of the policy itself, with their rewards.` },
  tasks: { name: t`a task set`, note: t`Played anew for each step, without a user.` },
  experts: {
    name: t`what people approved or wrote`,
    note: t`Answers that a reviewer called good, and those written in place of others. Imitated word by word, each once. What taught a skill is out: the rules under Learning can leave corrected answers to training.`,
  },
  prompts: {
    name: t`recorded prompts, asked anew`,
    note: t`For each step the policy answers prompts on record several times, and the judge rewards the answers. What it samples for that counts against the day’s tokens and dollars; the judge’s own work comes on top. One prompt in five is kept for the gate.`,
  },
};
