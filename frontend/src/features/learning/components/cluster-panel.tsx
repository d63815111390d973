import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Layers } from "lucide-react";
import { toast } from "sonner";
import type { FailureCluster } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { errorText } from "@/lib/api";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useClusters, useLearningActions } from "../api/learning";
import { CLUSTER_STATE } from "../learning-words";

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
  const latest = cluster.samples.at(-1);
  return (
    <li className="flex flex-col gap-1 px-3.5 py-2.5 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <Tag tone={CLUSTER_STATE[cluster.state].tone}>{CLUSTER_STATE[cluster.state].name}</Tag>
        <span>
          <Trans>
            {plural(cluster.size, { one: "# turn", other: "# turns" })} of{" "}
            {plural(cluster.sessions, { one: "# session", other: "# sessions" })}
          </Trans>
        </span>
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
      {latest && (
        <Link
          to="/t/$tenant/turns/$turnId"
          params={{ tenant: slug, turnId: latest.turn_id }}
          className="truncate underline-offset-2 hover:underline"
        >
          {latest.rationale || latest.follow_up || latest.user_text}
        </Link>
      )}
      {cluster.sessions_missing > 0 && (
        <p className="text-xs text-mute">
          {plural(cluster.sessions_missing, {
            one: "Waits for # more session that shows it.",
            other: "Waits for # more sessions that show it.",
          })}
        </p>
      )}
      {cluster.reason && (
        <p className="text-xs text-mute">{saidText(cluster.reason, cluster.reason_said)}</p>
      )}
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
