import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { clsx } from "clsx";
import { GitPullRequestArrow } from "lucide-react";
import type { ProposalStatus } from "@/client/contract";
import { EmptyState, ErrorState, LoadingBlock } from "@/components/states";
import { usePageKey } from "@/lib/hotkeys";
import { useTenant } from "@/lib/tenant";
import { useProposal, useProposals } from "./api/proposals";
import { ProposalView } from "./components/proposal-view";
import { ReviewQueue } from "./components/review-queue";

type Props = {
  /** From the address; without it the first of the queue is shown. */
  proposalId?: string;
  status: ProposalStatus;
  onStatus: (status: ProposalStatus) => void;
  onSelect: (id: string | null) => void;
};

export function ReviewPage({ proposalId, status, onStatus, onSelect }: Props) {
  const { slug } = useTenant();
  const proposals = useProposals(slug, status);
  const queue = proposals.data ?? [];
  const selected = proposalId ?? queue[0]?.id;

  function neighbour(step: 1 | -1) {
    const at = queue.findIndex((proposal) => proposal.id === selected);
    return queue[at + step]?.id;
  }

  function move(step: 1 | -1) {
    const id = neighbour(step);
    if (id) onSelect(id);
  }

  usePageKey("j", () => move(1));
  usePageKey("k", () => move(-1));

  return (
    <div className="flex min-h-0 flex-1">
      <ReviewQueue
        proposals={proposals}
        selected={selected}
        status={status}
        onStatus={onStatus}
        className={clsx(proposalId ? "hidden md:flex" : "flex")}
      />
      <div
        className={clsx("min-h-0 min-w-0 flex-1 bg-panel", proposalId ? "flex" : "hidden md:flex")}
      >
        {selected ? (
          <SelectedProposal
            key={selected}
            id={selected}
            onDecided={() => onSelect(neighbour(1) ?? neighbour(-1) ?? null)}
          />
        ) : (
          proposals.isSuccess && <NothingSelected status={status} />
        )}
      </div>
    </div>
  );
}

function SelectedProposal({ id, onDecided }: { id: string; onDecided: () => void }) {
  const { slug } = useTenant();
  const proposal = useProposal(slug, id);
  if (proposal.isPending)
    return <LoadingBlock label={t`Loading the proposal`} className="flex-1" />;
  if (proposal.isError) {
    return (
      <div className="flex-1">
        <ErrorState error={proposal.error} onRetry={() => void proposal.refetch()} />
      </div>
    );
  }
  return (
    <ProposalView
      proposal={proposal.data}
      onReload={async () => (await proposal.refetch({ throwOnError: true })).data}
      onDecided={onDecided}
    />
  );
}

function NothingSelected({ status }: { status: ProposalStatus }) {
  return (
    <div className="grid flex-1 place-items-center">
      <EmptyState
        icon={GitPullRequestArrow}
        title={status === "pending" ? t`Nothing waits for you` : t`No ${status} proposals`}
      >
        <Trans>
          When turns fail, MetaClaw drafts a skill from them. You read it here before any agent
          does.
        </Trans>
      </EmptyState>
    </div>
  );
}
