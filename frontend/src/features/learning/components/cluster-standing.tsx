import { plural } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { FailureCluster } from "@/client/contract";
import { Tag } from "@/components/tag";
import { saidText } from "@/lib/said";
import { CLUSTER_STATE } from "../learning-words";

/** How far it is, and how often it was seen. */
export function ClusterStanding({ cluster }: { cluster: FailureCluster }) {
  const { tone, name } = CLUSTER_STATE[cluster.state];
  return (
    <>
      <Tag tone={tone}>{name}</Tag>
      <span>
        <Trans>
          {plural(cluster.size, { one: "# turn", other: "# turns" })} of{" "}
          {plural(cluster.sessions, { one: "# session", other: "# sessions" })}
        </Trans>
      </span>
    </>
  );
}

/** What it waits for, or what it failed by. */
export function ClusterReason({ cluster }: { cluster: FailureCluster }) {
  return (
    <>
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
    </>
  );
}
