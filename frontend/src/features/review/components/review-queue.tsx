import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { Proposal, ProposalStatus } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { Select } from "@/components/field";
import { Kbd } from "@/components/kbd";
import { PaneHeader } from "@/components/page";
import { SimulatedTag } from "@/components/simulated-tag";
import { ErrorState, LoadingRows } from "@/components/states";
import { Tag } from "@/components/tag";
import { useTenant } from "@/lib/tenant";
import type { useProposals } from "../api/proposals";
import { KIND_NAMES } from "../review-words";

type Props = {
  proposals: ReturnType<typeof useProposals>;
  selected?: string;
  status: ProposalStatus;
  onStatus: (status: ProposalStatus) => void;
  className: string;
};

export function ReviewQueue({ proposals, selected, status, onStatus, className }: Props) {
  return (
    <section
      aria-label={t`Review queue`}
      className={clsx(
        "min-h-0 w-full flex-col border-r border-line md:w-[264px] md:shrink-0",
        className,
      )}
    >
      <PaneHeader>
        <h1 className="mr-auto text-base font-semibold">
          <Trans>Review</Trans>
        </h1>
        <Select
          aria-label={t`Which proposals`}
          isInline
          value={status}
          onChange={(event) => onStatus(event.target.value as ProposalStatus)}
        >
          <option value="pending">
            <Trans>pending</Trans>
          </option>
          <option value="approved">
            <Trans>approved</Trans>
          </option>
          <option value="rejected">
            <Trans>rejected</Trans>
          </option>
          <option value="quarantined">
            <Trans>quarantined</Trans>
          </option>
        </Select>
      </PaneHeader>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {proposals.isPending && <LoadingRows rows={5} label={t`Loading proposals`} />}
        {proposals.isError && (
          <ErrorState error={proposals.error} onRetry={() => void proposals.refetch()} />
        )}
        {proposals.isSuccess && proposals.data.length === 0 && (
          <p className="px-3.5 py-4 text-sm text-mute">
            {status === "pending" ? t`The queue is empty.` : t`No ${status} proposals.`}
          </p>
        )}
        <ol>
          {proposals.data?.map((proposal) => (
            <QueueItem
              key={proposal.id}
              proposal={proposal}
              status={status}
              isCurrent={proposal.id === selected}
            />
          ))}
        </ol>
        {proposals.hasNextPage && (
          <div className="p-3">
            <Button
              className="w-full"
              isBusy={proposals.isFetchingNextPage}
              onClick={() => void proposals.fetchNextPage()}
            >
              <Trans>Show more</Trans>
            </Button>
          </div>
        )}
      </div>
      <footer className="hidden h-9 shrink-0 items-center gap-1 border-t border-line px-3.5 text-xs text-mute md:flex">
        <Kbd>J</Kbd> <Kbd>K</Kbd>{" "}
        <span className="ml-1">
          <Trans>move</Trans>
        </span>
      </footer>
    </section>
  );
}

type ItemProps = { proposal: Proposal; status: ProposalStatus; isCurrent: boolean };

function QueueItem({ proposal, status, isCurrent }: ItemProps) {
  const { slug } = useTenant();
  return (
    <li>
      <Link
        to="/t/$tenant/review/$proposalId"
        params={{ tenant: slug, proposalId: proposal.id }}
        search={status === "pending" ? {} : { status }}
        aria-current={isCurrent || undefined}
        className={clsx(
          "flex flex-col gap-1 border-b border-line px-3.5 py-2.5 outline-offset-[-2px] transition-colors",
          isCurrent ? "bg-panel shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-panel/60",
        )}
      >
        <span className="flex items-center gap-2">
          <span className="mr-auto truncate font-medium">{proposal.slug}</span>
          <Tag tone={proposal.kind === "create" ? "info" : "quiet"}>
            {KIND_NAMES[proposal.kind]}
          </Tag>
        </span>
        <span className="line-clamp-2 text-xs text-mute">{proposal.description}</span>
        <span className="flex items-center gap-2 text-xs text-mute">
          <span className="mr-auto truncate">
            {plural(proposal.evidence_count, { one: "# failing turn", other: "# failing turns" })}
          </span>
          {proposal.is_simulated && <SimulatedTag />}
          <Ago at={proposal.decided_at ?? proposal.created_at} />
        </span>
      </Link>
    </li>
  );
}
