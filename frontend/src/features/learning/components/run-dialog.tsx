import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { EvolutionRunDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Dialog } from "@/components/dialog";
import { chipClass } from "@/components/lineage";
import { SimulatedTag } from "@/components/simulated-tag";
import { ErrorState, LoadingRows } from "@/components/states";
import { formatCount } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useRun } from "../api/learning";
import { triggerName } from "../learning-words";
import { ProposalChip } from "./proposal-chip";
import { RunCost, RunOutcome } from "./run-cells";
import { TurnSamples } from "./turn-samples";

type Props = { id: string; onClose: () => void };

/** One time the evolver was asked: what it was shown, and what came of it. */
export function RunDialog({ id, onClose }: Props) {
  const { slug } = useTenant();
  const run = useRun(slug, id);
  return (
    <Dialog isOpen onClose={onClose} title={t`Run of the evolver`} width="md">
      {run.isPending && <LoadingRows rows={4} label={t`Loading the run`} />}
      {run.isError && <ErrorState error={run.error} onRetry={() => void run.refetch()} />}
      {run.data && <Run run={run.data} />}
    </Dialog>
  );
}

function Run({ run }: { run: EvolutionRunDetail }) {
  const { slug } = useTenant();
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <RunOutcome outcome={run.outcome} />
        {run.proposal && <ProposalChip id={run.proposal} name={run.slug} />}
        {run.cluster && (
          <Link
            to="/t/$tenant/learning"
            params={{ tenant: slug }}
            search={{ pattern: run.cluster }}
            className={chipClass}
          >
            <Trans>its pattern of failures</Trans>
          </Link>
        )}
        {run.is_simulated && <SimulatedTag />}
        <span className="ml-auto text-xs text-mute">
          {triggerName(run.trigger)}, <Ago at={run.created_at} />
        </span>
      </p>
      {run.reason && <p>{saidText(run.reason, run.reason_said)}</p>}
      <p className="text-xs text-mute">
        {run.author_model}, {run.prompt_version} ·{" "}
        <Trans>
          {formatCount(run.input_tokens)} tokens in, {formatCount(run.output_tokens)} out
        </Trans>{" "}
        · <RunCost micros={run.cost_micros} />
      </p>
      <h3 className="mt-2 font-medium">
        <Trans>What it was shown</Trans>
      </h3>
      {run.turns.length > 0 ? (
        <TurnSamples label={t`Turns that it was shown`} samples={run.turns} />
      ) : (
        <p className="text-mute">
          <Trans>These turns are gone: they were older than the workspace keeps.</Trans>
        </p>
      )}
    </div>
  );
}
