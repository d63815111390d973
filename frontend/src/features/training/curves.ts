import { t } from "@lingui/core/macro";
import type { TrainingStep } from "@/client/contract";
import type { ChartPoint } from "@/components/line-chart";
import { formatFigure, formatPercent } from "@/lib/format";

export type Curve = {
  key: string;
  name: string;
  note: string;
  color: string;
  /** Figures that bound the band around it. */
  band?: [string, string];
  hasZero?: boolean;
  isShare?: boolean;
  leastSpan?: number;
};

/** What is drawn of a step, in the order of interest. Figures are of tokens unless they say so. */
export const CURVES: Curve[] = [
  {
    key: "reward",
    name: t`Reward`,
    note: t`Mean of the step’s answers, with the lowest and the highest.`,
    color: "s1",
    band: ["reward_min", "reward_max"],
  },
  {
    key: "nll",
    name: t`NLL`,
    note: t`Negative log-likelihood of the answers it imitates, in nats. Near zero it says them.`,
    color: "s1",
    hasZero: true,
  },
  {
    key: "teacher_kl",
    name: t`KL to the teacher`,
    note: t`How far what it says is from the teacher, in nats.`,
    color: "s4",
    hasZero: true,
  },
  {
    key: "kl",
    name: t`KL`,
    note: t`How far it moved since the answers were sampled, in nats.`,
    color: "s2",
    hasZero: true,
    leastSpan: 0.001,
  },
  {
    key: "entropy",
    name: t`Entropy`,
    note: t`How open it still is. Near zero it says one thing only.`,
    color: "s3",
    hasZero: true,
  },
  {
    key: "clip_fraction",
    name: t`Clip fraction`,
    note: t`Share whose ratio was out of bounds.`,
    color: "s4",
    hasZero: true,
    isShare: true,
  },
  {
    key: "ratio_mean",
    name: t`Importance ratio`,
    note: t`Likelihood now, by that when sampled. 1 is on policy.`,
    color: "s2",
    leastSpan: 0.02,
  },
  {
    key: "zero_advantage_share",
    name: t`Zero advantage`,
    note: t`Share that had nothing to teach.`,
    color: "s3",
    hasZero: true,
    isShare: true,
  },
];

export const isDone = (step: TrainingStep) => step.status === "confirmed";

/** The curves that these steps have figures for. */
export function curvesOf(steps: TrainingStep[]): Curve[] {
  return CURVES.filter(({ key }) => steps.some(({ metrics }) => key in metrics));
}

export function pointsOf(curve: Curve, steps: TrainingStep[]): ChartPoint[] {
  const [low, high] = curve.band ?? [];
  return steps.map(({ number, metrics }) => ({
    x: number,
    y: metrics[curve.key] ?? null,
    ...(low && metrics[low] !== undefined && { low: metrics[low] }),
    ...(high && metrics[high] !== undefined && { high: metrics[high] }),
  }));
}

export const formatOf = ({ isShare }: Curve) =>
  isShare ? (value: number) => formatPercent(value, 1) : formatFigure;
