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
  planned: "gathers its samples",
  sent: "is with the trainer",
  confirmed: "done",
};
const figure = (step: TrainingStep, key: string) => formatFigure(step.metrics[key]);
const COLUMNS: Column<TrainingStep>[] = [
  {
    id: "number",
    header: "Step",
    sortBy: ({ number }) => number,
    cell: (step) => (
      <span className="flex items-center gap-2 whitespace-nowrap">
        {step.number}
        {step.status !== "confirmed" && <Tag tone="accent">{STATUS[step.status]}</Tag>}
        {step.sends > 1 && (
          <Tag
            tone="warn"
            title="A worker or the trainer stopped in the middle: the step was sent again from the state before it, and counts once."
          >
            sent {step.sends} times
          </Tag>
        )}
      </span>
    ),
  },
  {
    id: "reward",
    header: "Reward",
    isNumeric: true,
    sortBy: ({ metrics }) => metrics.reward ?? Number.NEGATIVE_INFINITY,
    cell: (step) => figure(step, "reward"),
  },
  { id: "kl", header: "KL", isNumeric: true, cell: (step) => figure(step, "kl") },
  { id: "entropy", header: "Entropy", isNumeric: true, cell: (step) => figure(step, "entropy") },
  {
    id: "flat",
    header: "Flat groups",
    isNumeric: true,
    hiddenBelow: "xl",
    cell: ({ metrics }) =>
      metrics.groups === undefined
        ? formatCount(null)
        : `${formatCount(metrics.flat_groups ?? 0)} of ${formatCount(metrics.groups + (metrics.flat_groups ?? 0))}`,
  },
  { id: "tokens", header: "Tokens", isNumeric: true, cell: ({ tokens }) => formatCount(tokens) },
  {
    id: "cost",
    header: "Cost",
    isNumeric: true,
    hiddenBelow: "xl",
    cell: ({ cost_micros }) =>
      cost_micros === null ? <span className="text-mute">no price</span> : formatMoney(cost_micros),
  },
  {
    id: "at",
    header: "When",
    cell: ({ confirmed_at, sent_at }) => {
      const at = confirmed_at ?? sent_at;
      return at ? <Ago at={at} /> : <span className="text-mute">not yet</span>;
    },
  },
];

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
      title="Steps"
      aside={
        steps.length > SHOWN && (
          <Button variant="ghost" onClick={() => setIsWhole(!isWhole)} aria-expanded={isWhole}>
            {isWhole ? "Latest only" : `All ${formatCount(steps.length)}`}
          </Button>
        )
      }
    >
      <DataTable
        label="Steps"
        rows={isWhole ? steps : steps.slice(0, SHOWN)}
        columns={COLUMNS}
        rowId={({ number }) => String(number)}
      />
    </Panel>
  );
}
