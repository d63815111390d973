import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { RolloutEpisode } from "@/client/contract";
import { type Column, DataTable } from "@/components/data-table";
import { Dialog } from "@/components/dialog";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatFigure, shortId } from "@/lib/format";
import { useTenant } from "@/lib/tenant";
import { useEpisodes, useRollout } from "../api/rollouts";
import { EPISODE_STATUS, purpose } from "../rollout-words";

type Props = { id: string; onClose: () => void };

/** Every way through a task, with what went wrong. */
export function RolloutEpisodes({ id, onClose }: Props) {
  const { slug } = useTenant();
  const rollout = useRollout(slug, id).data;
  const episodes = useEpisodes(slug, id);
  const isRecorded = rollout?.origin === "resample";
  const columns = useMemo(() => columnsOf(slug, isRecorded), [slug, isRecorded]);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t`Episodes`}
      note={rollout && purpose(rollout)}
      width="md"
    >
      {episodes.isPending && <LoadingRows rows={4} label={t`Loading episodes`} />}
      {episodes.isError && (
        <ErrorState error={episodes.error} onRetry={() => void episodes.refetch()} />
      )}
      {episodes.data?.results.length === 0 && (
        <EmptyState title={t`Nothing is to be played in it`} />
      )}
      {episodes.data && episodes.data.results.length > 0 && (
        <DataTable
          label={t`Episodes`}
          rows={episodes.data.results}
          columns={columns}
          rowId={({ id }) => id}
        />
      )}
      {episodes.data?.next && (
        <p className="pt-2 text-xs text-mute">
          <Trans>The latest 200; the others are in the REST API.</Trans>
        </p>
      )}
    </Dialog>
  );
}

function columnsOf(tenant: string, isRecorded: boolean): Column<RolloutEpisode>[] {
  return [
    {
      id: "task",
      header: isRecorded ? t`Recorded turn` : t`Task`,
      cell: ({ task_id, member }) => (
        <span>
          {isRecorded ? shortId(task_id) : task_id} <span className="text-mute">#{member + 1}</span>
        </span>
      ),
    },
    {
      id: "status",
      header: t`What came of it`,
      cell: ({ status, error }) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Tag tone={EPISODE_STATUS[status].tone}>{EPISODE_STATUS[status].name}</Tag>
          {error && <span className="text-xs text-bad">{error}</span>}
        </span>
      ),
    },
    {
      id: "reward",
      header: t`Reward`,
      isNumeric: true,
      cell: ({ reward }) => formatFigure(reward),
    },
    {
      id: "session",
      header: t`Session`,
      cell: ({ session_id }) =>
        session_id && (
          <Link
            to="/t/$tenant/sessions/$sessionId"
            params={{ tenant, sessionId: session_id }}
            className="underline underline-offset-2"
          >
            {shortId(session_id)}
          </Link>
        ),
    },
  ];
}
