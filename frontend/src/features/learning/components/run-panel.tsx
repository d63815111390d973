import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { GraduationCap } from "lucide-react";
import type { EvolutionRun } from "@/client/contract";
import { Ago } from "@/components/ago";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { formatCount } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useRuns } from "../api/learning";
import { triggerName } from "../learning-words";
import { RunCost, RunOutcome } from "./run-cells";

const COLUMNS: Column<EvolutionRun>[] = [
  { id: "at", header: t`When`, cell: (run) => <RunLink run={run} /> },
  {
    id: "outcome",
    header: t`Outcome`,
    cell: (run) => (
      <span className="flex flex-wrap items-center gap-2">
        <RunOutcome outcome={run.outcome} />
        {run.slug && <span className="truncate">{run.slug}</span>}
        {run.reason && (
          <span className="text-xs text-mute">{saidText(run.reason, run.reason_said)}</span>
        )}
      </span>
    ),
  },
  { id: "trigger", header: t`Asked by`, cell: (run) => triggerName(run.trigger) },
  {
    id: "model",
    hiddenBelow: "xl",
    header: t`Model and prompt`,
    cell: (run) => `${run.author_model}, ${run.prompt_version}`,
  },
  {
    id: "tokens",
    header: t`Tokens`,
    cell: (run) => formatCount(run.tokens),
    isNumeric: true,
  },
  {
    id: "cost",
    header: t`Cost`,
    cell: (run) => <RunCost micros={run.cost_micros} />,
    isNumeric: true,
  },
];

export function RunPanel() {
  const { slug } = useTenant();
  const runs = useRuns(slug);
  return (
    <Panel title={t`Runs of the evolver`}>
      {runs.isPending && <LoadingRows rows={3} label={t`Loading runs`} />}
      {runs.isError && <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.data?.length === 0 && (
        <EmptyState icon={GraduationCap} title={t`The evolver was not asked yet`}>
          <Trans>
            Every time it is asked is listed here, with what came of it and what it cost.
          </Trans>
        </EmptyState>
      )}
      {runs.data && runs.data.length > 0 && (
        <DataTable label={t`Runs`} rows={runs.data} columns={COLUMNS} rowId={(run) => run.id} />
      )}
    </Panel>
  );
}

function RunLink({ run }: { run: EvolutionRun }) {
  const { slug } = useTenant();
  return (
    <Link
      to="/t/$tenant/learning"
      params={{ tenant: slug }}
      search={{ run: run.id }}
      className="underline decoration-line2 underline-offset-2 hover:decoration-ink"
    >
      <Ago at={run.created_at} />
    </Link>
  );
}
