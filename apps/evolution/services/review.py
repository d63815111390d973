"""People decide. An approval holds for exactly the text whose hash it names (P4)."""

from typing import Literal
from uuid import UUID

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import (
    ProposalChanged,
    ProposalDecided,
    ProposalInvalid,
    ProposalStale,
)
from apps.evolution.models import Proposal, Review, ReviewPolicy
from apps.evolution.services.applying import kind_of_edited, proposal_apply
from apps.evolution.services.canary.starting import SHARE, canary_start
from apps.evolution.services.checking import checks_refuse, proposal_check
from apps.evolution.services.leases import lease_end, refuse_others
from apps.evolution.services.policing import approval_refusal, approvals_of
from apps.evolution.types import Reviewer
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors as skills
from apps.skills.skillmd import SkillDoc, parse
from apps.tenants.services import audit_record
from apps.tenants.types import Actor

To = Literal["all", "canary"]


def proposal_approve(
    *,
    tenant_id: UUID,
    reviewer: Reviewer,
    proposal_id: UUID,
    sha256: str,
    to: To = "all",
    share: float = SHARE,
    takes_over: bool = False,
) -> Proposal:
    """Approve exactly this text; it goes live with the last approval that the policy asks for,
    or on trial in a share of the sessions, as that last one says.

    Approving twice counts once. Raises ProposalDecided, ProposalChanged, ProposalStale (the
    skill moved on meanwhile), LeaseHeld, TrialRunning, a Forbidden of the policy, SkillInvalid
    when the text does not pass its checks.
    """
    with tenant_tx(tenant_id):
        proposal = _open(tenant_id, proposal_id, sha256)
        refuse_others(proposal=proposal, reviewer=reviewer, takes_over=takes_over)
        policy = selectors.policy_get(tenant_id=tenant_id)
        refusal = approval_refusal(proposal=proposal, policy=policy, reviewer=reviewer)
        if refusal is not None:
            raise refusal
        doc = _sound_text(proposal, sha256)
        if not _counts(proposal, doc, policy, reviewer):
            return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)
        return _go_live(proposal, doc, reviewer.actor, to=to, share=share)


def proposal_approve_by_policy(*, proposal: Proposal, grounds: str) -> Proposal:
    """The workspace's policy approves a (locked, pending) text, for these grounds."""
    doc = _sound_text(proposal, proposal.sha256)
    actor = Actor("system", "policy", "policy")
    _note(
        proposal, actor, Review.Decision.APPROVED, sha256=proposal.sha256, comment=grounds, doc=doc
    )
    return _go_live(proposal, doc, actor)


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
        proposal = _locked(tenant_id, proposal_id)
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
        _note(proposal, actor, Review.Decision.RELEASED, sha256=proposal.sha256)
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)


def proposal_edit(
    *,
    tenant_id: UUID,
    reviewer: Reviewer,
    proposal_id: UUID,
    text: str,
    sha256: str,
    takes_over: bool = False,
) -> Proposal:
    """Replace the text that was read (named by its hash) by a better one; approvals begin anew.

    Raises ProposalDecided, ProposalChanged, LeaseHeld, SkillInvalid, ProposalInvalid (another
    name).
    """
    doc = parse(text)
    with tenant_tx(tenant_id):
        proposal = _open(tenant_id, proposal_id, sha256)
        refuse_others(proposal=proposal, reviewer=reviewer, takes_over=takes_over)
        if doc.slug != proposal.slug:
            english = "A proposal keeps its name, which is {slug}."
            raise ProposalInvalid.of("text", say("proposal_name", english, slug=proposal.slug))
        live = skills.skill_text_find(tenant_id=tenant_id, slug=proposal.slug)
        proposal.edition += 1
        Proposal.objects.for_tenant(tenant_id).filter(id=proposal.id).update(
            # Whoever edits has the skill as it is now beside the text.
            base_version_id=live.version_id if live else None,
            kind=kind_of_edited(proposal, is_live=live is not None),
            text=doc.text,
            sha256=doc.sha256,
            edition=proposal.edition,
            description=doc.description,
            category=doc.category,
        )
        proposal_check(tenant_id=tenant_id, proposal_id=proposal.id)
        _note(proposal, reviewer.actor, Review.Decision.EDITED, sha256=doc.sha256)
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)


def _counts(proposal: Proposal, doc: SkillDoc, policy: ReviewPolicy, reviewer: Reviewer) -> bool:
    """Note the approval; whether it was the last one that is asked for."""
    before = approvals_of(proposal=proposal, policy=policy)
    after = approvals_of(proposal=proposal, policy=policy, also=reviewer)
    if len(after.by) > len(before.by):
        _note(
            proposal,
            reviewer.actor,
            Review.Decision.APPROVED,
            sha256=proposal.sha256,
            note=f"{len(after.by)} of {after.needed}" if after.needed > 1 else "",
            doc=doc,
        )
    return not after.missing


def _go_live(
    proposal: Proposal, doc: SkillDoc, actor: Actor, *, to: To = "all", share: float = SHARE
) -> Proposal:
    """The one door from a proposal into the library; the approvals are noted by now.

    The database looks as well: it lets a learned text become the live one only if an approved
    proposal has exactly its hash.
    """
    _settle(proposal, Proposal.Status.APPROVED)
    # What merges or retires skills is not tried: it takes away from sessions what they have.
    if to == "canary" and proposal.kind in (Proposal.Kind.CREATE, Proposal.Kind.REVISE):
        canary_start(proposal=proposal, actor=actor, doc=doc, share=share)
    else:
        proposal_apply(proposal, actor=actor, doc=doc)
    return selectors.proposal_get(tenant_id=proposal.tenant_id, proposal_id=proposal.id)


def _sound_text(proposal: Proposal, sha256: str) -> SkillDoc:
    """The text that is approved: on its base, itself by its hash, and through the checks as
    they come out now."""
    _refuse_stale_base(proposal)
    doc = parse(proposal.text)
    if doc.sha256 != sha256:
        english = "The stored text does not match its hash any more."
        raise ProposalChanged(say("proposal_other_hash", english))
    checks_refuse(proposal_check(tenant_id=proposal.tenant_id, proposal_id=proposal.id))
    return doc


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
        proposal = _open(tenant_id, proposal_id, None)
        refuse_others(proposal=proposal, reviewer=reviewer, takes_over=takes_over)
        _settle(proposal, Proposal.Status(decision.value))
        _note(
            proposal,
            reviewer.actor,
            decision,
            sha256=proposal.sha256,
            reason=reason,
            comment=comment,
        )
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)


def _locked(tenant_id: UUID, proposal_id: UUID) -> Proposal:
    """The proposal, locked until the transaction ends."""
    rows = Proposal.objects.for_tenant(tenant_id).select_for_update().filter(id=proposal_id)
    return rows.first() or selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def _open(tenant_id: UUID, proposal_id: UUID, sha256: str | None) -> Proposal:
    """The pending proposal, locked until the transaction ends."""
    found = _locked(tenant_id, proposal_id)
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


def _refuse_stale_base(proposal: Proposal) -> None:
    live = skills.skill_text_find(tenant_id=proposal.tenant_id, slug=proposal.slug)
    if (live.version_id if live else None) == proposal.base_version_id:
        return
    base = proposal.base_version
    raise ProposalStale(
        say(
            "proposal_stale",
            "The skill itself changed since this was proposed. Edit the proposal or reject it.",
        ),
        base_version=base.number if base else None,
        live_version=live.version if live else None,
    )


def _settle(proposal: Proposal, status: Proposal.Status) -> None:
    Proposal.objects.for_tenant(proposal.tenant_id).filter(id=proposal.id).update(
        status=status, decided_at=now()
    )
    lease_end(proposal)


def _note(
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
