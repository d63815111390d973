import type { Checkpoint, CheckpointStatus, Gate } from "@/client/contract";
import type { Tone } from "@/components/tag";
import type { CheckpointDeed } from "./api/checkpoints";

export const CHECKPOINT_STATUS: Record<CheckpointStatus, { name: string; tone: Tone }> = {
  candidate: { name: "not tried yet", tone: "quiet" },
  passed: { name: "passed", tone: "info" },
  rejected: { name: "rejected", tone: "bad" },
  canary: { name: "on trial", tone: "accent" },
  serving: { name: "serving", tone: "ok" },
  retired: { name: "retired", tone: "quiet" },
  gone: { name: "gone", tone: "warn" },
};

export const GATE_STATUS: Record<Gate["status"], { name: string; tone: Tone }> = {
  running: { name: "being tried", tone: "accent" },
  passed: { name: "passed", tone: "ok" },
  failed: { name: "not passed", tone: "bad" },
  error: { name: "could not be tried", tone: "warn" },
};

export const GATE_STAGE: Record<Gate["stage"], string> = {
  heldout: "Held-out prompts",
  shadow: "Prompts of late, in the shadow",
};

export type Step = CheckpointDeed | "rollback" | "train";

/** What has a sense for a checkpoint as it is; the first is the one to expect. */
export function stepsOf({ status }: Checkpoint): Step[] {
  if (status === "candidate") return ["gate", "train", "pass", "retire", "delete"];
  if (status === "passed") return ["promote", "canary", "train", "gate", "retire", "delete"];
  if (status === "rejected") return ["gate", "pass", "retire", "delete"];
  if (status === "canary") return ["promote", "retire"];
  if (status === "serving") return ["rollback", "train"];
  if (status === "retired") return ["promote", "canary", "train", "delete"];
  return [];
}

type Words = {
  button: string;
  title: string;
  note: string;
  action: string;
  done: string;
  /** What is asked for on the way. */
  asks?: "reason" | "share";
  isReasonNeeded?: boolean;
  isDanger?: boolean;
};

/** How each step is asked for and reported. `step` is the checkpoint's age. */
export function wordsOf(what: Step, step: number, route: string): Words {
  const whom = route ? `as ${route}` : "under its public name, once the policy has one";
  const all: Record<Step, Words> = {
    gate: {
      button: "Try it",
      title: `Try step ${step} against what serves now?`,
      note: "Both answer prompts that were held out of training, and a judge compares them. That costs what the answers and the judge cost.",
      action: "Start the gate",
      done: "The gate runs in the background.",
    },
    pass: {
      button: "Pass by hand",
      title: `Pass step ${step} without its gate?`,
      note: "Your name and your reason stay on record.",
      action: "Pass it",
      done: `Step ${step} passed by hand.`,
      asks: "reason",
      isReasonNeeded: true,
    },
    promote: {
      button: "Promote",
      title: `Let step ${step} answer every session?`,
      note: `It answers ${whom} from now on. What serves now can be rolled back to.`,
      action: "Promote",
      done: `Step ${step} serves.`,
    },
    canary: {
      button: "Canary",
      title: `Try step ${step} on a share of the sessions?`,
      note: "The others go on as they are. It ends when the numbers, or a person, decide.",
      action: "Start the canary",
      done: `Step ${step} is on trial.`,
      asks: "share",
    },
    rollback: {
      button: "Roll back",
      title: `Take step ${step} back?`,
      note: "What served before serves again at once: an earlier checkpoint, or the base model.",
      action: "Roll back",
      done: `Step ${step} was taken back.`,
      asks: "reason",
      isDanger: true,
    },
    retire: {
      button: "Retire",
      title: `Retire step ${step}?`,
      note: "It answers nobody, and a canary of it ends. It can be promoted again.",
      action: "Retire",
      done: `Step ${step} retired.`,
      isDanger: true,
    },
    train: {
      button: "Train on from here",
      title: `Train on from step ${step}?`,
      note: "A job begins now, from these weights instead of the youngest.",
      action: "Train now",
      done: "The job is planned.",
    },
    delete: {
      button: "Delete the weights",
      title: `Delete the weights of step ${step}?`,
      note: "The provider lets them go for good. What is known of them here stays.",
      action: "Delete",
      done: "The provider lets its weights go.",
      isDanger: true,
    },
  };
  return all[what];
}
