import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Layers } from "lucide-react";
import { toast } from "sonner";
import type { FailureCluster } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { errorText } from "@/lib/api";
import { useTenant } from "@/lib/tenant";
import { useClusters, useLearningActions } from "../api/learning";
import { shownBy } from "../learning-words";
import { ClusterReason, ClusterStanding } from "./cluster-standing";

/** Failures by pattern, and what became of each. */
export function ClusterPanel() {
  const { slug } = useTenant();
  const clusters = useClusters(slug);
  return (
    <Panel title={t`Patterns of failure`}>
      {clusters.isPending && <LoadingRows rows={3} label={t`Loading patterns`} />}
      {clusters.isError && (
        <ErrorState error={clusters.error} onRetry={() => void clusters.refetch()} />
      )}
      {clusters.data?.length === 0 && (
        <EmptyState icon={Layers} title={t`No failures to learn from`}>
          <Trans>Failing turns that show the same thing are put together here.</Trans>
        </EmptyState>
      )}
      {clusters.data && clusters.data.length > 0 && (
        <ul className="divide-y divide-line">
          {clusters.data.map((cluster) => (
            <Cluster key={cluster.id} cluster={cluster} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Cluster({ cluster }: { cluster: FailureCluster }) {
  const { slug, may } = useTenant();
  const { retry } = useLearningActions(slug);
  return (
    <li className="flex flex-col gap-1 px-3.5 py-2.5 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <ClusterStanding cluster={cluster} />
        <span className="ml-auto text-xs text-mute">
          <Ago at={cluster.updated_at} />
        </span>
        {cluster.state === "dead" && may("reviewer") && (
          <Button
            isBusy={retry.isPending}
            onClick={() =>
              retry.mutate(cluster.id, { onError: (error) => toast.error(errorText(error)) })
            }
          >
            <Trans>Try again</Trans>
          </Button>
        )}
      </div>
      <Link
        to="/t/$tenant/learning"
        params={{ tenant: slug }}
        search={{ pattern: cluster.id }}
        className="truncate underline-offset-2 hover:underline"
      >
        {shownBy(cluster)}
      </Link>
      <ClusterReason cluster={cluster} />
      {cluster.proposal && (
        <Link
          to="/t/$tenant/review/$proposalId"
          params={{ tenant: slug, proposalId: cluster.proposal }}
          className="text-xs underline underline-offset-2"
        >
          <Trans>Proposal {cluster.slug}</Trans>
        </Link>
      )}
    </li>
  );
}
