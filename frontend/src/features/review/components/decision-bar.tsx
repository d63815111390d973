import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Check, FlaskConical, Pencil, ShieldAlert, X } from "lucide-react";
import { useId } from "react";
import type { ProposalDetail } from "@/client/contract";
import { Ago } from "@/components/ago";
import { Button } from "@/components/button";
import { saidText } from "@/lib/said";
import { useTenant } from "@/lib/tenant";
import type { Reach } from "../api/proposals";

type Props = {
  proposal: ProposalDetail;
  hasChanged: boolean;
  /** Somebody else reads it. */
  isHeld: boolean;
  isBusy: boolean;
  onApprove: (to: Reach) => void;
  onEdit: () => void;
  onReject: () => void;
  onQuarantine: () => void;
  onRelease: () => void;
};

const BAR = "flex min-h-14 flex-wrap items-center gap-2 px-3.5 py-2";

export function DecisionBar({ proposal, hasChanged, isHeld, isBusy, ...on }: Props) {
  const note = useId();
  if (proposal.status !== "pending") {
    return <Decided proposal={proposal} isBusy={isBusy} onRelease={on.onRelease} />;
  }
  const isBlocked = !proposal.may_decide || isHeld;
  const mayNot = isBlocked || hasChanged || !mayApprove(proposal);
  return (
    <footer className="@container shrink-0 border-t border-line bg-panel">
      <div className={`${BAR} @max-3xl:gap-1.5 @max-3xl:[&_button>svg]:hidden`}>
        {mayBeTried(proposal) && (
          <Button
            variant="primary"
            shortcut="c"
            isBusy={isBusy}
            disabled={mayNot}
            aria-describedby={note}
            onClick={() => on.onApprove("canary")}
          >
            <FlaskConical aria-hidden />
            <Trans>Approve to canary</Trans>
          </Button>
        )}
        <Button
          variant={mayBeTried(proposal) ? "plain" : "primary"}
          shortcut="a"
          isBusy={isBusy}
          disabled={mayNot}
          aria-describedby={note}
          onClick={() => on.onApprove("all")}
        >
          <Check aria-hidden />
          <Trans>Approve for all</Trans>
        </Button>
        <Button shortcut="e" disabled={isBlocked || hasChanged || isBusy} onClick={on.onEdit}>
          <Pencil aria-hidden />
          <Trans>Edit</Trans>
        </Button>
        <Button variant="danger" shortcut="r" disabled={isBlocked || isBusy} onClick={on.onReject}>
          <X aria-hidden />
          <Trans>Reject</Trans>
        </Button>
        <Button shortcut="q" disabled={isBlocked || isBusy} onClick={on.onQuarantine}>
          <ShieldAlert aria-hidden />
          <Trans>Quarantine</Trans>
        </Button>
        <p id={note} className="w-full text-xs text-mute @4xl:ml-auto @4xl:w-auto @4xl:text-right">
          {noteOf(proposal, isHeld)}
        </p>
      </div>
    </footer>
  );
}

/** What takes something away from sessions is not tried on a share of them. */
export function mayBeTried({ kind }: ProposalDetail) {
  return kind === "create" || kind === "revise";
}

/** A missing proof of who approves is asked for when it is needed. */
export function mayApprove(proposal: ProposalDetail) {
  return proposal.may_approve || needsProof(proposal);
}

export function needsProof(proposal: ProposalDetail) {
  return proposal.approve_blocked_code === "reauthentication_needed";
}

/** Why nobody of this role, or nobody any more, decides it. */
export const blockedText = ({ blocked_reason, blocked_said }: ProposalDetail) =>
  blocked_reason === null ? undefined : saidText(blocked_reason, blocked_said);

function noteOf(proposal: ProposalDetail, isHeld: boolean) {
  const { approvals, lease } = proposal;
  if (!proposal.may_decide) return blockedText(proposal) ?? t`You may not decide this proposal.`;
  if (isHeld) return t`${lease?.holder ?? ""} decides this now.`;
  const progress =
    approvals.needed > 1
      ? [
          t`${approvals.by.length} of ${approvals.needed} approvals`,
          approvals.by.length > 0 && `(${approvals.by.join(", ")})`,
        ]
          .filter(Boolean)
          .join(" ")
      : "";
  if (!mayApprove(proposal)) {
    const { approve_blocked_reason: why, approve_blocked_said: words } = proposal;
    return [progress, why && saidText(why, words)].filter(Boolean).join(". ");
  }
  if (approvals.missing > 1) return t`${progress}. Goes live with the last one`;
  return [progress, t`A canary is for half of the sessions at first`].filter(Boolean).join(". ");
}

const OUTCOMES: Record<string, { tone: string; name: string }> = {
  approved: { tone: "text-ok", name: t`Approved` },
  rejected: { tone: "text-bad", name: t`Rejected` },
  quarantined: { tone: "text-warn", name: t`In quarantine` },
};

type DecidedProps = Pick<Props, "proposal" | "isBusy" | "onRelease">;

function Decided({ proposal, isBusy, onRelease }: DecidedProps) {
  const { may } = useTenant();
  const last = proposal.reviews.findLast((review) => review.decision === proposal.status);
  const outcome = OUTCOMES[proposal.status];
  return (
    <footer className={`${BAR} shrink-0 border-t border-line bg-panel text-sm`}>
      <span className={outcome?.tone}>{outcome?.name}</span>
      <span className="mr-auto text-mute">
        {last && t`by ${last.reviewer}`}
        {proposal.decided_at && (
          <>
            , <Ago at={proposal.decided_at} />
          </>
        )}
      </span>
      {proposal.status === "quarantined" && may("admin") && (
        <Button isBusy={isBusy} onClick={onRelease}>
          <Trans>Bring back to the queue</Trans>
        </Button>
      )}
    </footer>
  );
}
