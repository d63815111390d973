"""People decide. An approval holds for exactly the text whose hash it names (P4)."""

from typing import Literal
from uuid import UUID

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import (
    ProposalChanged,
    ProposalDecided,
    ProposalInvalid,
    ProposalStale,
)
from apps.evolution.models import Proposal, Review
from apps.evolution.services.canary.starting import SHARE, canary_start
from apps.evolution.services.learning import checks_of
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors as skills
from apps.skills import services as library
from apps.skills.skillmd import parse
from apps.tenants.services import audit_record
from apps.tenants.types import Actor


def proposal_approve(
    *,
    tenant_id: UUID,
    actor: Actor,
    proposal_id: UUID,
    sha256: str,
    to: Literal["all", "canary"] = "all",
    share: float = SHARE,
) -> Proposal:
    """Make the text live, or put it on trial in a share of the sessions.

    Raises ProposalDecided, ProposalChanged, ProposalStale (the skill moved on meanwhile),
    TrialRunning, SkillInvalid when it does not pass its checks.
    """
    with tenant_tx(tenant_id):
        proposal = _open(tenant_id, proposal_id, sha256)
        _refuse_stale_base(proposal)
        doc = parse(proposal.text)
        if doc.sha256 != sha256:
            raise ProposalChanged("The stored text does not match its hash any more.")
        if to == "canary":
            canary_start(proposal=proposal, actor=actor, doc=doc, share=share)
        else:
            library.skill_publish(
                tenant_id=tenant_id,
                actor=actor,
                doc=doc,
                source="evolved" if proposal.run_id else "imported",
                note=selectors.origin_of(proposal),
                is_noted=False,  # the approval is
            )
        return _decide(proposal, actor, Review.Decision.APPROVED, sha256=sha256)


def proposal_reject(
    *, tenant_id: UUID, actor: Actor, proposal_id: UUID, reason: str, comment: str = ""
) -> Proposal:
    """Turn the proposal down; the evolver sees the reason next time. Raises ProposalDecided."""
    with tenant_tx(tenant_id):
        proposal = _open(tenant_id, proposal_id, None)
        return _decide(
            proposal,
            actor,
            Review.Decision.REJECTED,
            sha256=proposal.sha256,
            reason=reason,
            comment=comment,
        )


def proposal_edit(
    *, tenant_id: UUID, actor: Actor, proposal_id: UUID, text: str, sha256: str
) -> Proposal:
    """Replace the text that was read (named by its hash) by a better one.

    Raises ProposalDecided, ProposalChanged, SkillInvalid, ProposalInvalid (another name).
    """
    doc = parse(text)
    with tenant_tx(tenant_id):
        proposal = _open(tenant_id, proposal_id, sha256)
        if doc.slug != proposal.slug:
            raise ProposalInvalid(
                "A proposal keeps its name.",
                fields={"text": [f"name: must stay {proposal.slug}"]},
            )
        live = skills.skill_text_find(tenant_id=tenant_id, slug=proposal.slug)
        Proposal.objects.for_tenant(tenant_id).filter(id=proposal.id).update(
            # Whoever edits has the skill as it is now beside the text.
            base_version_id=live.version_id if live else None,
            kind=Proposal.Kind.REVISE if live else Proposal.Kind.CREATE,
            text=doc.text,
            sha256=doc.sha256,
            description=doc.description,
            category=doc.category,
            checks=checks_of(doc),
        )
        _note(proposal, actor, Review.Decision.EDITED, sha256=doc.sha256)
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)


def _open(tenant_id: UUID, proposal_id: UUID, sha256: str | None) -> Proposal:
    """The pending proposal, locked until the transaction ends."""
    found = (
        Proposal.objects.for_tenant(tenant_id).select_for_update().filter(id=proposal_id).first()
    )
    if found is None:
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)
    if found.status != Proposal.Status.PENDING:
        raise ProposalDecided(f"This proposal was {found.status} already.")
    if sha256 is not None and found.sha256 != sha256:
        raise ProposalChanged("The text changed since you read it. Read it again, then decide.")
    return found


def _refuse_stale_base(proposal: Proposal) -> None:
    live = skills.skill_text_find(tenant_id=proposal.tenant_id, slug=proposal.slug)
    if (live.version_id if live else None) != proposal.base_version_id:
        raise ProposalStale(
            "The skill itself changed since this was proposed. Edit the proposal or reject it."
        )


def _decide(
    proposal: Proposal,
    actor: Actor,
    decision: Review.Decision,
    *,
    sha256: str,
    reason: str = "",
    comment: str = "",
) -> Proposal:
    Proposal.objects.for_tenant(proposal.tenant_id).filter(id=proposal.id).update(
        status=decision, decided_at=now()
    )
    _note(proposal, actor, decision, sha256=sha256, reason=reason, comment=comment)
    return selectors.proposal_get(tenant_id=proposal.tenant_id, proposal_id=proposal.id)


def _note(
    proposal: Proposal,
    actor: Actor,
    decision: Review.Decision,
    *,
    sha256: str,
    reason: str = "",
    comment: str = "",
) -> None:
    Review.objects.create(
        tenant_id=proposal.tenant_id,
        proposal=proposal,
        decision=decision,
        reviewer=actor.label,
        reason=reason,
        comment=comment,
        sha256=sha256,
    )
    audit_record(
        tenant_id=proposal.tenant_id,
        actor=actor,
        action=f"proposal.{decision}",
        subject=proposal.slug,
        detail=" ".join(part for part in (reason, comment) if part),
    )
    publish_on_commit(proposal.tenant_id, Changed("evolution.proposal", str(proposal.id), decision))
