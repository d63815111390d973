import { t } from "@lingui/core/macro";
import type { Checkpoint, CheckpointStatus, CheckpointTrial, Gate } from "@/client/contract";
import type { Tone } from "@/components/tag";
import type { CheckpointDeed } from "./api/checkpoints";

export const CHECKPOINT_STATUS: Record<CheckpointStatus, { name: string; tone: Tone }> = {
  candidate: { name: t`not tried yet`, tone: "quiet" },
  passed: { name: t`passed`, tone: "info" },
  rejected: { name: t`rejected`, tone: "bad" },
  canary: { name: t`on trial`, tone: "accent" },
  serving: { name: t`serving`, tone: "ok" },
  retired: { name: t`retired`, tone: "quiet" },
  gone: { name: t`gone`, tone: "warn" },
};

export const GATE_STATUS: Record<Gate["status"], { name: string; tone: Tone }> = {
  running: { name: t`being tried`, tone: "accent" },
  passed: { name: t`passed`, tone: "ok" },
  failed: { name: t`not passed`, tone: "bad" },
  error: { name: t`could not be tried`, tone: "warn" },
};

export const GATE_STAGE: Record<Gate["stage"], string> = {
  heldout: t`Held-out prompts`,
  shadow: t`Prompts of late, in the shadow`,
};

export const TRIAL_STATUS: Record<CheckpointTrial["status"], string> = {
  running: t`running`,
  promoted: t`promoted`,
  rolled_back: t`rolled back`,
  undecided: t`undecided`,
  stopped: t`stopped`,
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
  const whom = route ? t`as ${route}` : t`under its public name, once the policy has one`;
  const all: Record<Step, Words> = {
    gate: {
      button: t`Try it`,
      title: t`Try step ${step} against what serves now?`,
      note: t`Both answer prompts that were held out of training, and a judge compares them. That costs what the answers and the judge cost.`,
      action: t`Start the gate`,
      done: t`The gate runs in the background.`,
    },
    pass: {
      button: t`Pass by hand`,
      title: t`Pass step ${step} without its gate?`,
      note: t`Your name and your reason stay on record.`,
      action: t`Pass it`,
      done: t`Step ${step} passed by hand.`,
      asks: "reason",
      isReasonNeeded: true,
    },
    promote: {
      button: t`Promote`,
      title: t`Let step ${step} answer every session?`,
      note: t`It answers ${whom} from now on. What serves now can be rolled back to.`,
      action: t`Promote`,
      done: t`Step ${step} serves.`,
    },
    canary: {
      button: t`Canary`,
      title: t`Try step ${step} on a share of the sessions?`,
      note: t`The others go on as they are. It ends when the numbers, or a person, decide.`,
      action: t`Start the canary`,
      done: t`Step ${step} is on trial.`,
      asks: "share",
    },
    rollback: {
      button: t`Roll back`,
      title: t`Take step ${step} back?`,
      note: t`What served before serves again at once: an earlier checkpoint, or the base model.`,
      action: t`Roll back`,
      done: t`Step ${step} was taken back.`,
      asks: "reason",
      isDanger: true,
    },
    retire: {
      button: t`Retire`,
      title: t`Retire step ${step}?`,
      note: t`It answers nobody, and a canary of it ends. It can be promoted again.`,
      action: t`Retire`,
      done: t`Step ${step} retired.`,
      isDanger: true,
    },
    train: {
      button: t`Train on from here`,
      title: t`Train on from step ${step}?`,
      note: t`A job begins now, from these weights instead of the youngest.`,
      action: t`Train now`,
      done: t`The job is planned.`,
    },
    delete: {
      button: t`Delete the weights`,
      title: t`Delete the weights of step ${step}?`,
      note: t`The provider lets them go for good. What is known of them here stays.`,
      action: t`Delete`,
      done: t`The provider lets its weights go.`,
      isDanger: true,
    },
  };
  return all[what];
}
