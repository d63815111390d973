import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Rollout, TrainingPolicy } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button, buttonClass } from "@/components/button";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/panel";
import { EmptyState, ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { formatCount, formatFigure } from "@/lib/format";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import { useRollouts } from "../api/rollouts";
import { isOpen, purpose, ROLLOUT_STATUS } from "../rollout-words";
import { RolloutCancel } from "./rollout-cancel";
import { RolloutEpisodes } from "./rollout-episodes";

const SHOWN = 8;

type Props = {
  policy: TrainingPolicy;
  /** Whose episodes are looked at. */
  named: string | undefined;
  onLook: (id: string | null) => void;
};

/** What the policy played without a user, the newest first. */
export function RolloutsPanel({ policy, named, onLook }: Props) {
  const { slug } = useTenant();
  const rollouts = useRollouts(slug, policy.id);
  const [isWhole, setIsWhole] = useState(false);
  const columns = useMemo(() => columnsOf(slug), [slug]);
  const rows = rollouts.data ?? [];
  // Nothing is played for a policy that imitates.
  if (policy.source === "experts" && rows.length === 0) return null;
  return (
    <Panel
      title={t`Rollouts`}
      aside={
        rows.length > SHOWN && (
          <Button
            variant="ghost"
            aria-label={isWhole ? t`Latest rollouts only` : t`All rollouts`}
            aria-expanded={isWhole}
            onClick={() => setIsWhole(!isWhole)}
          >
            {isWhole ? t`Latest only` : t`All ${formatCount(rows.length)}`}
          </Button>
        )
      }
    >
      {rollouts.isPending && <LoadingRows rows={2} label={t`Loading rollouts`} />}
      {rollouts.isError && (
        <ErrorState error={rollouts.error} onRetry={() => void rollouts.refetch()} />
      )}
      {rollouts.isSuccess && rows.length === 0 && (
        <EmptyState title={t`No rollout yet`}>
          <Trans>
            Tasks and recorded prompts that the policy answers without a user stand here: for steps
            of a job, or asked for with <code className="font-mono text-xs">metaclaw rollout</code>.
          </Trans>
        </EmptyState>
      )}
      {rows.length > 0 && (
        <DataTable
          label={t`Rollouts`}
          rows={isWhole ? rows : rows.slice(0, SHOWN)}
          columns={columns}
          rowId={({ id }) => id}
        />
      )}
      {named && <RolloutEpisodes id={named} onClose={() => onLook(null)} />}
    </Panel>
  );
}

function columnsOf(tenant: string): Column<Rollout>[] {
  return [
    { id: "what", header: t`What`, cell: What },
    {
      id: "groups",
      header: t`Groups`,
      isNumeric: true,
      cell: ({ groups, group_size }) => `${formatCount(groups)} × ${formatCount(group_size)}`,
    },
    {
      id: "played",
      header: t`Played`,
      isNumeric: true,
      cell: ({ played, failed }) =>
        failed > 0 ? (
          <>
            {formatCount(played)},{" "}
            <span className="text-bad">
              <Trans>{formatCount(failed)} failed</Trans>
            </span>
          </>
        ) : (
          formatCount(played)
        ),
    },
    {
      id: "reward",
      header: t`Mean reward`,
      isNumeric: true,
      cell: ({ mean_reward }) =>
        mean_reward === null ? (
          <span className="text-mute" title={t`Only a checker’s reward is known with the answer.`}>
            <Trans>the judge’s</Trans>
          </span>
        ) : (
          formatFigure(mean_reward)
        ),
    },
    {
      id: "tokens",
      header: t`Tokens`,
      isNumeric: true,
      hiddenBelow: "xl",
      cell: ({ tokens, prompt_tokens }) => formatCount(tokens + prompt_tokens),
    },
    {
      id: "started",
      header: t`Started`,
      cell: ({ started_at }) =>
        started_at ? (
          <Ago at={started_at} />
        ) : (
          <span className="text-mute">
            <Trans>not yet</Trans>
          </span>
        ),
    },
    {
      id: "actions",
      header: (
        <span className="sr-only">
          <Trans>Actions</Trans>
        </span>
      ),
      cell: (rollout) => (
        <span className="flex justify-end gap-2">
          {isOpen(rollout) && rollout.job === null && <RolloutCancel rollout={rollout} />}
          <Link
            from="/t/$tenant/training/$policyId"
            to="."
            params={{ tenant, policyId: rollout.policy }}
            search={(kept) => ({ ...kept, rollout: rollout.id })}
            className={buttonClass({ variant: "ghost" })}
          >
            <Trans>
              Episodes<span className="sr-only"> of {purpose(rollout)}</span>
            </Trans>
          </Link>
        </span>
      ),
    },
  ];
}

function What(rollout: Rollout) {
  const { name, tone } = ROLLOUT_STATUS[rollout.status];
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <Tag tone={tone}>
        {rollout.status === "running" && (
          <span className="live size-1.5 rounded-full bg-accent" aria-hidden />
        )}
        {name}
      </Tag>
      <span>{purpose(rollout)}</span>
      {rollout.note && (
        <span className={rollout.reason ? "text-xs text-warn" : "text-xs text-mute"}>
          {saidText(rollout.note, rollout.note_said)}
        </span>
      )}
    </span>
  );
}
