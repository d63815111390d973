import { Check, Pencil, X } from "lucide-react";
import { useId } from "react";
import type { ProposalDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";

type Props = {
  proposal: ProposalDetail;
  hasChanged: boolean;
  isBusy: boolean;
  onApprove: () => void;
  onEdit: () => void;
  onReject: () => void;
};

export function DecisionBar({ proposal, hasChanged, isBusy, ...on }: Props) {
  const note = useId();
  if (proposal.status !== "pending") return <Decided proposal={proposal} />;
  const isBlocked = !proposal.may_decide;
  return (
    <footer className="flex min-h-14 shrink-0 flex-wrap items-center gap-2 border-t border-line bg-panel px-3.5 py-2">
      <Button
        variant="primary"
        shortcut="a"
        isBusy={isBusy}
        disabled={isBlocked || hasChanged}
        aria-describedby={note}
        onClick={on.onApprove}
      >
        <Check aria-hidden /> Approve
      </Button>
      <Button shortcut="e" disabled={isBlocked || hasChanged || isBusy} onClick={on.onEdit}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Button variant="danger" shortcut="r" disabled={isBlocked || isBusy} onClick={on.onReject}>
        <X aria-hidden /> Reject
      </Button>
      <p id={note} className="ml-auto min-w-[16ch] flex-1 text-right text-xs text-mute">
        {isBlocked
          ? (proposal.blocked_reason ?? "You may not decide this proposal.")
          : "Goes live in every gateway on approve"}
      </p>
    </footer>
  );
}

function Decided({ proposal }: { proposal: ProposalDetail }) {
  const last = proposal.reviews.find((review) => review.decision === proposal.status);
  return (
    <footer className="flex min-h-14 shrink-0 items-center gap-2 border-t border-line bg-panel px-3.5 py-2 text-sm">
      <span className={proposal.status === "approved" ? "text-ok" : "text-bad"}>
        {proposal.status === "approved" ? "Approved" : "Rejected"}
      </span>
      <span className="text-mute">
        {last && `by ${last.reviewer}`}
        {proposal.decided_at && (
          <>
            , <Ago at={proposal.decided_at} />
          </>
        )}
      </span>
    </footer>
  );
}
