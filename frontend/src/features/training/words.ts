import type { TrainingPolicy } from "@/client/contract";

export const MODE: Record<TrainingPolicy["mode"], { name: string; note: string }> = {
  off: { name: "only by hand", note: "Nothing begins by itself." },
  auto: { name: "in windows", note: "A job begins in the next window there are samples for." },
  rl: {
    name: "when a batch is full",
    note: "At any hour, as soon as there are samples for a step.",
  },
};

export const SOURCE: Record<TrainingPolicy["source"], { name: string; note: string }> = {
  turns: { name: "recorded turns", note: "Answers of the policy itself, with their rewards." },
  tasks: { name: "a task set", note: "Played anew for each step, without a user." },
};
