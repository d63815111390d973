"""An approval holds for exactly the text whose hash it names (P4)."""

from typing import Literal
from uuid import UUID

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import ProposalChanged, ProposalStale
from apps.evolution.models import Proposal, Review, ReviewPolicy
from apps.evolution.services.applying import proposal_apply
from apps.evolution.services.canary.starting import SHARE, canary_start
from apps.evolution.services.checking import checks_refuse, proposal_check
from apps.evolution.services.leases import refuse_others
from apps.evolution.services.policing import approval_refusal, approvals_of
from apps.evolution.services.review.deciding import (
    decision_note,
    proposal_open,
    proposal_settle,
)
from apps.evolution.types import Reviewer
from apps.skills import selectors as skills
from apps.skills.skillmd import SkillDoc, parse
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
        proposal = proposal_open(tenant_id, proposal_id, sha256)
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
    decision_note(
        proposal, actor, Review.Decision.APPROVED, sha256=proposal.sha256, comment=grounds, doc=doc
    )
    return _go_live(proposal, doc, actor)


def _counts(proposal: Proposal, doc: SkillDoc, policy: ReviewPolicy, reviewer: Reviewer) -> bool:
    """Note the approval; whether it was the last one that is asked for."""
    before = approvals_of(proposal=proposal, policy=policy)
    after = approvals_of(proposal=proposal, policy=policy, also=reviewer)
    if len(after.by) > len(before.by):
        decision_note(
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
    proposal_settle(proposal, Proposal.Status.APPROVED)
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
