import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { TrainingJob, TrainingStep } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { Tag } from "@/components/tag";
import { formatCount, formatFigure } from "@/lib/format";
import { formatMoney } from "@/lib/money";
import { useTenant } from "@/lib/tenant";
import { useJob } from "../api/jobs";

const SHOWN = 12;
const STATUS: Record<TrainingStep["status"], string> = {
  planned: t`gathers its samples`,
  sent: t`is with the trainer`,
  confirmed: "done",
};
const figure = (step: TrainingStep, key: string) => formatFigure(step.metrics[key]);
const COLUMNS: Column<TrainingStep>[] = [
  {
    id: "number",
    header: t`Step`,
    sortBy: ({ number }) => number,
    cell: (step) => (
      <span className="flex items-center gap-2 whitespace-nowrap">
        {step.number}
        {step.status !== "confirmed" && <Tag tone="accent">{STATUS[step.status]}</Tag>}
        {step.sends > 1 && (
          <Tag
            tone="warn"
            title={t`A worker or the trainer stopped in the middle: the step was sent again from the state before it, and counts once.`}
          >
            <Trans>sent {step.sends} times</Trans>
          </Tag>
        )}
      </span>
    ),
  },
  {
    id: "reward",
    header: t`Reward`,
    isNumeric: true,
    sortBy: ({ metrics }) => metrics.reward ?? Number.NEGATIVE_INFINITY,
    cell: (step) => figure(step, "reward"),
  },
  { id: "nll", header: "NLL", isNumeric: true, cell: (step) => figure(step, "nll") },
  { id: "kl", header: "KL", isNumeric: true, cell: (step) => figure(step, "kl") },
  { id: "entropy", header: t`Entropy`, isNumeric: true, cell: (step) => figure(step, "entropy") },
  {
    id: "flat",
    header: t`Flat groups`,
    isNumeric: true,
    hiddenBelow: "xl",
    cell: ({ metrics }) =>
      metrics.groups === undefined
        ? formatCount(null)
        : t`${formatCount(metrics.flat_groups ?? 0)} of ${formatCount(metrics.groups + (metrics.flat_groups ?? 0))}`,
  },
  { id: "tokens", header: t`Tokens`, isNumeric: true, cell: ({ tokens }) => formatCount(tokens) },
  {
    id: "sampled",
    header: t`Sampled`,
    isNumeric: true,
    hiddenBelow: "xl",
    cell: ({ sampled_tokens }) => formatCount(sampled_tokens),
  },
  {
    id: "cost",
    header: t`Cost`,
    isNumeric: true,
    hiddenBelow: "xl",
    // What was sampled for it is paid before it is sent.
    cell: ({ cost_micros, sampled_micros }) =>
      cost_micros === null && sampled_micros === null ? (
        <span className="text-mute">
          <Trans>no price</Trans>
        </span>
      ) : (
        formatMoney((cost_micros ?? 0) + (sampled_micros ?? 0))
      ),
  },
  {
    id: "at",
    header: t`When`,
    cell: ({ confirmed_at, sent_at }) => {
      const at = confirmed_at ?? sent_at;
      return at ? (
        <Ago at={at} />
      ) : (
        <span className="text-mute">
          <Trans>not yet</Trans>
        </span>
      );
    },
  },
];

/** Where answers are imitated there is nothing to say of rewards, and the other way round. */
const OF_REWARDS = new Set(["reward", "kl", "entropy", "flat"]);
function columnsFor(steps: TrainingStep[]): Column<TrainingStep>[] {
  const imitates = steps.some(({ metrics }) => "nll" in metrics);
  return COLUMNS.filter(({ id }) => (imitates ? !OF_REWARDS.has(id) : id !== "nll"));
}

/** The ledger of a job's steps, the latest first. */
export function StepsPanel({ job }: { job: TrainingJob }) {
  const { slug } = useTenant();
  const detail = useJob(slug, job.id);
  const [isWhole, setIsWhole] = useState(false);
  const steps = detail.data?.steps.toReversed() ?? [];
  // While it loads, or where it failed, the curves above say so.
  if (steps.length === 0) return null;
  return (
    <Panel
      title={t`Steps`}
      aside={
        steps.length > SHOWN && (
          <Button variant="ghost" onClick={() => setIsWhole(!isWhole)} aria-expanded={isWhole}>
            {isWhole ? t`Latest only` : t`All ${formatCount(steps.length)}`}
          </Button>
        )
      }
    >
      <DataTable
        label={t`Steps`}
        rows={isWhole ? steps : steps.slice(0, SHOWN)}
        columns={columnsFor(steps)}
        rowId={({ number }) => String(number)}
      />
    </Panel>
  );
}
