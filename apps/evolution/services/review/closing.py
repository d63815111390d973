"""Away from the queue: rejected for good, or held in quarantine until an admin brings it back."""

from uuid import UUID

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import ProposalDecided
from apps.evolution.models import Proposal, Review
from apps.evolution.services.checking import proposal_check
from apps.evolution.services.leases import refuse_others
from apps.evolution.services.review.deciding import (
    decision_note,
    proposal_lock,
    proposal_open,
    proposal_settle,
)
from apps.evolution.types import Reviewer
from apps.tenants.types import Actor


def proposal_reject(
    *,
    tenant_id: UUID,
    reviewer: Reviewer,
    proposal_id: UUID,
    reason: str,
    comment: str = "",
    takes_over: bool = False,
) -> Proposal:
    """Turn the proposal down; the evolver sees the reason next time.

    Raises ProposalDecided, LeaseHeld.
    """
    return _close(
        tenant_id, reviewer, proposal_id, Review.Decision.REJECTED, reason, comment, takes_over
    )


def proposal_quarantine(
    *,
    tenant_id: UUID,
    reviewer: Reviewer,
    proposal_id: UUID,
    reason: str,
    comment: str = "",
    takes_over: bool = False,
) -> Proposal:
    """Take a proposal out of the queue and keep it, until an admin brings it back.

    Raises ProposalDecided, LeaseHeld.
    """
    return _close(
        tenant_id, reviewer, proposal_id, Review.Decision.QUARANTINED, reason, comment, takes_over
    )


def proposal_release(*, tenant_id: UUID, actor: Actor, proposal_id: UUID) -> Proposal:
    """Bring a proposal back from quarantine into the queue; approvals begin anew.

    Raises ProposalDecided when it is not in quarantine, or another one about the same skill
    waits meanwhile.
    """
    with tenant_tx(tenant_id):
        proposal = proposal_lock(tenant_id, proposal_id)
        if proposal.status != Proposal.Status.QUARANTINED:
            raise ProposalDecided(
                say(
                    "proposal_not_held",
                    "This proposal is {status}, not in quarantine.",
                    status=proposal.status,
                )
            )
        waiting = Proposal.objects.for_tenant(tenant_id).filter(
            slug=proposal.slug, status=Proposal.Status.PENDING
        )
        if waiting.exists():
            raise ProposalDecided(
                say(
                    "proposal_another",
                    "Another proposal for {slug} waits: decide that first.",
                    slug=proposal.slug,
                )
            )
        proposal.edition += 1
        Proposal.objects.for_tenant(tenant_id).filter(id=proposal.id).update(
            status=Proposal.Status.PENDING, decided_at=None, edition=proposal.edition
        )
        proposal_check(tenant_id=tenant_id, proposal_id=proposal.id)
        decision_note(proposal, actor, Review.Decision.RELEASED, sha256=proposal.sha256)
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)


def _close(
    tenant_id: UUID,
    reviewer: Reviewer,
    proposal_id: UUID,
    decision: Review.Decision,
    reason: str,
    comment: str,
    takes_over: bool,  # noqa: FBT001  # of the public functions above, which name it
) -> Proposal:
    with tenant_tx(tenant_id):
        proposal = proposal_open(tenant_id, proposal_id, None)
        refuse_others(proposal=proposal, reviewer=reviewer, takes_over=takes_over)
        proposal_settle(proposal, Proposal.Status(decision.value))
        decision_note(
            proposal,
            reviewer.actor,
            decision,
            sha256=proposal.sha256,
            reason=reason,
            comment=comment,
        )
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)
