import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { FailureCluster } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Dialog } from "@/components/dialog";
import { ErrorState, LoadingRows } from "@/components/states";
import { useTenant } from "@/lib/tenant";
import { useCluster, useRunsAbout } from "../api/learning";
import { ClusterReason, ClusterStanding } from "./cluster-standing";
import { ProposalChip } from "./proposal-chip";
import { RunOutcome } from "./run-cells";
import { TurnSamples } from "./turn-samples";

type Props = { id: string; onClose: () => void };

/** One pattern of failures: its turns, what it waits for, and the runs that were about it. */
export function ClusterDialog({ id, onClose }: Props) {
  const { slug } = useTenant();
  const cluster = useCluster(slug, id);
  return (
    <Dialog isOpen onClose={onClose} title={t`Pattern of failures`} width="md">
      {cluster.isPending && <LoadingRows rows={4} label={t`Loading the pattern`} />}
      {cluster.isError && (
        <ErrorState error={cluster.error} onRetry={() => void cluster.refetch()} />
      )}
      {cluster.data && <Pattern cluster={cluster.data} />}
    </Dialog>
  );
}

function Pattern({ cluster }: { cluster: FailureCluster }) {
  const rest = cluster.size - cluster.samples.length;
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <ClusterStanding cluster={cluster} />
        {cluster.proposal && <ProposalChip id={cluster.proposal} name={cluster.slug} />}
        <span className="ml-auto text-xs text-mute">
          <Ago at={cluster.updated_at} />
        </span>
      </p>
      <ClusterReason cluster={cluster} />
      <Runs clusterId={cluster.id} />
      <h3 className="mt-2 font-medium">
        <Trans>Turns that show it</Trans>
      </h3>
      <TurnSamples label={t`Turns that show it`} samples={cluster.samples.toReversed()} />
      {rest > 0 && (
        <p className="text-xs text-mute">
          {plural(rest, { one: "# earlier turn besides.", other: "# earlier turns besides." })}
        </p>
      )}
    </div>
  );
}

function Runs({ clusterId }: { clusterId: string }) {
  const { slug } = useTenant();
  const runs = useRunsAbout(slug, clusterId).data ?? [];
  if (runs.length === 0) return null;
  return (
    <>
      <h3 className="mt-2 font-medium">
        <Trans>The evolver was asked about it</Trans>
      </h3>
      <ul className="flex flex-col gap-1">
        {runs.map((run) => (
          <li key={run.id} className="flex items-center gap-2">
            <Link
              to="/t/$tenant/learning"
              params={{ tenant: slug }}
              search={{ run: run.id }}
              className="underline decoration-line2 underline-offset-2 hover:decoration-ink"
            >
              <Ago at={run.created_at} />
            </Link>
            <RunOutcome outcome={run.outcome} />
            <span className="min-w-0 truncate text-xs text-mute">{run.author_model}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
