import { t } from "@lingui/core/macro";
import type { TrainingPolicyInput } from "@/client/contract";

export type Draft = TrainingPolicyInput;

/** As the server has it for what is left out. */
export const NEW_POLICY: Draft = {
  name: "",
  agent: "",
  upstream: "",
  base_model: "",
  rank: 32,
  mode: "off",
  source: "turns",
  task_set: null,
  loss: "importance_sampling",
  clip_low: null,
  clip_high: null,
  beta: null,
  learning_rate: 0.0001,
  normalisation: "token",
  groups_per_step: 8,
  group_size: 8,
  steps_per_job: 20,
  max_tokens: 1024,
  temperature: 1,
  teacher: null,
  teacher_model: "",
  kl_coefficient: 0,
  has_rewards: true,
  token_price_micros: null,
  route_model: "",
  fallback: null,
  fallback_model: "",
  gate_prompts: 64,
  gate_margin: 0.2,
  canary_share: null,
  canary_sessions: 200,
};

/** Answers that are given are imitated; what learns from rewards has other losses, and a teacher. */
export function withSource(draft: Draft, source: Draft["source"]): Partial<Draft> {
  if (source === "experts") return { source, loss: "cross_entropy", teacher: null };
  if (draft.loss !== "cross_entropy") return { source };
  return { source, loss: NEW_POLICY.loss };
}

/** Only what differs is sent: what was not touched stays as somebody else may have set it. */
export function changesOf(before: Draft, draft: Draft): Partial<Draft> {
  const names = Object.keys(NEW_POLICY) as (keyof Draft)[];
  return Object.fromEntries(
    names.filter((name) => draft[name] !== before[name]).map((name) => [name, draft[name]]),
  );
}

type NumberName = {
  [Name in keyof Draft]: Draft[Name] extends number | null ? Name : never;
}[keyof Draft];

export type NumberRule = {
  name: NumberName;
  label: string;
  hint?: string;
  least: number;
  most?: number;
  isWhole?: boolean;
  /** May be left empty: then the loss's own, or none. */
  isOptional?: boolean;
  /** How many of what is kept make one of what is typed. */
  per?: number;
};

export const RHYTHM: NumberRule[] = [
  {
    name: "steps_per_job",
    label: t`Steps in a job`,
    hint: t`Fewer, where there are samples for fewer.`,
    least: 1,
    most: 10_000,
    isWhole: true,
  },
  {
    name: "groups_per_step",
    label: t`Groups in a step`,
    hint: t`Where people's answers are imitated: so many answers.`,
    least: 1,
    most: 512,
    isWhole: true,
  },
  {
    name: "group_size",
    label: t`Answers in a group`,
    hint: t`To the same prompt; they are compared with each other.`,
    least: 2,
    most: 64,
    isWhole: true,
  },
];

export const LEARNING: NumberRule[] = [
  {
    name: "learning_rate",
    label: t`Learning rate`,
    hint: t`LoRA takes about ten times what full training does.`,
    least: 0,
  },
  {
    name: "rank",
    label: t`Rank`,
    hint: t`Size of the adapter. Fixed once there is a checkpoint.`,
    least: 1,
    most: 256,
    isWhole: true,
  },
  { name: "max_tokens", label: t`Tokens in an answer`, least: 1, isWhole: true },
  { name: "temperature", label: t`Temperature`, hint: t`1 keeps the ratio honest.`, least: 0 },
];

/** With the losses that take it. */
export type BoundRule = NumberRule & { losses: Draft["loss"][] };

export const BOUNDS: BoundRule[] = [
  {
    name: "clip_low",
    label: t`Ratio at least`,
    hint: t`Likelihood now, by that when sampled. Empty: the loss's own.`,
    least: 0,
    isOptional: true,
    losses: ["ppo", "cispo"],
  },
  {
    name: "clip_high",
    label: t`Ratio at most`,
    hint: t`Empty: the loss's own.`,
    least: 0,
    isOptional: true,
    losses: ["ppo", "cispo"],
  },
  {
    name: "beta",
    label: t`Beta`,
    hint: t`Weight of the penalty. Empty: the loss's own.`,
    least: 0,
    isOptional: true,
    losses: ["dro"],
  },
];

export const PRICE: NumberRule[] = [
  {
    name: "token_price_micros",
    label: t`Dollars for a million tokens`,
    hint: t`Needed for a limit in dollars. Empty: not known.`,
    least: 0,
    isOptional: true,
    per: 1_000_000,
  },
];

export const GATE: NumberRule[] = [
  {
    name: "gate_prompts",
    label: t`Prompts`,
    hint: t`Held out of training, asked of both.`,
    least: 4,
    most: 500,
    isWhole: true,
  },
  {
    name: "gate_margin",
    label: t`May be worse by`,
    hint: t`Mean reward, which goes from −1 to 1.`,
    least: 0,
    most: 1,
  },
  {
    name: "canary_share",
    label: t`Canary, percent of sessions`,
    hint: t`Empty: a passed checkpoint waits for a person.`,
    least: 1,
    most: 90,
    isOptional: true,
    per: 0.01,
  },
  {
    name: "canary_sessions",
    label: t`Sessions in a canary`,
    least: 10,
    most: 100_000,
    isWhole: true,
  },
];

/** What stands behind "More", so that an error there opens it. */
export const MORE = new Set<string>([
  ...[...RHYTHM, ...LEARNING, ...BOUNDS, ...PRICE, ...GATE].map(({ name }) => name),
  ...["agent", "loss", "normalisation", "teacher", "teacher_model", "kl_coefficient"],
  ...["has_rewards", "route_model", "fallback", "fallback_model"],
]);
