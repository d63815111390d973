"""What all decisions about a proposal have in common: its row is locked, then settled and noted."""

from uuid import UUID

from apps.core.clock import now
from apps.core.said import say
from apps.evolution import selectors
from apps.evolution.errors import ProposalChanged, ProposalDecided
from apps.evolution.models import Proposal, Review
from apps.evolution.services.leases import lease_end
from apps.live.events import Changed, publish_on_commit
from apps.skills.skillmd import SkillDoc
from apps.tenants.services import audit_record
from apps.tenants.types import Actor


def proposal_lock(tenant_id: UUID, proposal_id: UUID) -> Proposal:
    """The proposal, locked until the transaction ends."""
    rows = Proposal.objects.for_tenant(tenant_id).select_for_update().filter(id=proposal_id)
    return rows.first() or selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def proposal_open(tenant_id: UUID, proposal_id: UUID, sha256: str | None) -> Proposal:
    """The pending proposal, locked until the transaction ends."""
    found = proposal_lock(tenant_id, proposal_id)
    if found.status != Proposal.Status.PENDING:
        raise ProposalDecided(
            say("proposal_decided", "This proposal was {status} already.", status=found.status)
        )
    if sha256 is not None and found.sha256 != sha256:
        raise ProposalChanged(
            say(
                "proposal_changed",
                "The text changed since you read it. Read it again, then decide.",
            )
        )
    return found


def proposal_settle(proposal: Proposal, status: Proposal.Status) -> None:
    """Its end for now; whoever had it open has it no more."""
    Proposal.objects.for_tenant(proposal.tenant_id).filter(id=proposal.id).update(
        status=status, decided_at=now()
    )
    lease_end(proposal)


def decision_note(
    proposal: Proposal,
    actor: Actor,
    decision: Review.Decision,
    *,
    sha256: str,
    reason: str = "",
    comment: str = "",
    note: str = "",
    doc: SkillDoc | None = None,
) -> None:
    """Into the proposal's history and the audit log, and to browsers that show it."""
    why = "" if reason == Review.Reason.OTHER else reason.replace("_", " ")
    Review.objects.create(
        tenant_id=proposal.tenant_id,
        proposal=proposal,
        decision=decision,
        reviewer=actor.label,
        reviewer_kind=actor.kind,
        reviewer_id=actor.id,
        reason=reason,
        comment=comment,
        sha256=sha256,
        guidance_sha256=doc.guidance.sha256 if doc else "",
        edition=proposal.edition,
    )
    audit_record(
        tenant_id=proposal.tenant_id,
        actor=actor,
        action=f"proposal.{decision}",
        subject=proposal.slug,
        detail=": ".join(part for part in (note, why, comment) if part),
    )
    publish_on_commit(proposal.tenant_id, Changed("evolution.proposal", str(proposal.id), decision))
