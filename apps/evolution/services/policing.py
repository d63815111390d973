"""What a workspace asks of an approval: who may, how many, and how sure we are who they are."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.core.clock import now
from apps.core.errors import DomainError
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import (
    ApproveRoleMissing,
    MemberNeeded,
    ReauthenticationNeeded,
    SelfApprovalRefused,
)
from apps.evolution.models import Proposal, Review, ReviewPolicy
from apps.evolution.types import Approvals, Reviewer
from apps.live.events import Changed, publish_on_commit
from apps.tenants.selectors import members_who_are, role_rank
from apps.tenants.services import audit_record
from apps.tenants.types import Actor


def review_policy_set(*, tenant_id: UUID, actor: Actor, **fields: Any) -> ReviewPolicy:
    """Replace the policy. What waits is held to the new one from its next approval on."""
    with tenant_tx(tenant_id):
        before = selectors.policy_get(tenant_id=tenant_id)
        changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
        policy, _ = ReviewPolicy.objects.for_tenant(tenant_id).update_or_create(
            tenant_id=tenant_id, defaults=fields
        )
        if changed:
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="review_policy.changed",
                detail=", ".join(f"{name}: {value}" for name, value in sorted(changed.items())),
            )
            publish_on_commit(
                tenant_id, Changed("evolution.review_policy", str(policy.id), "changed")
            )
        return policy


def approval_refusal(
    *, proposal: Proposal, policy: ReviewPolicy, reviewer: Reviewer
) -> DomainError | None:
    """Why this reviewer may not approve this text, or None if they may."""
    return (
        _role(policy, reviewer)
        or _self_approval(proposal, policy, reviewer)
        or _person(policy, reviewer)
        or _signed_in(policy, reviewer)
    )


def approvals_of(
    *, proposal: Proposal, policy: ReviewPolicy, also: Reviewer | None = None
) -> Approvals:
    """The approvals that count for the proposal's present text: by members who still may give
    one, each once. ``also``: who is approving right now, whose row may not be there yet."""
    rows = Review.objects.for_tenant(proposal.tenant_id).filter(
        proposal_id=proposal.id,
        decision=Review.Decision.APPROVED,
        sha256=proposal.sha256,
        edition=proposal.edition,
    )
    given = {(row.reviewer_kind, row.reviewer_id): row.reviewer for row in rows.order_by("id")}
    if policy.quorum > 1:
        members = members_who_are(tenant_id=proposal.tenant_id, least=policy.approve_role)
        given = {who: name for who, name in given.items() if _is_one(who, members)}
    if also is not None:
        given[also.actor.kind, also.actor.id] = also.actor.label
    return Approvals(policy.quorum, list(given.values()))


def refuses_self_approval(policy: ReviewPolicy) -> bool:
    """Whether who wrote a text may not be the one who approves it."""
    if policy.self_approval == ReviewPolicy.SelfApproval.AUTO:
        able = members_who_are(tenant_id=policy.tenant_id, least=policy.approve_role)
        return len(able) > 1
    return policy.self_approval == ReviewPolicy.SelfApproval.REFUSED


def _role(policy: ReviewPolicy, reviewer: Reviewer) -> DomainError | None:
    if role_rank(reviewer.role) >= role_rank(policy.approve_role):
        return None
    return ApproveRoleMissing(
        say(
            "approve_role",
            "Approving takes the role {needed} here; yours is {role}.",
            needed=policy.approve_role,
            role=reviewer.role,
        ),
        needed=policy.approve_role,
    )


def _self_approval(
    proposal: Proposal, policy: ReviewPolicy, reviewer: Reviewer
) -> DomainError | None:
    """Who saved exactly this text wrote it, whoever else did so too."""
    edits = Review.objects.for_tenant(proposal.tenant_id).filter(
        proposal_id=proposal.id, decision=Review.Decision.EDITED, sha256=proposal.sha256
    )
    writers = set(edits.values_list("reviewer_kind", "reviewer_id"))
    if not writers or not refuses_self_approval(policy):
        return None
    if (reviewer.actor.kind, reviewer.actor.id) in writers:
        return SelfApprovalRefused(
            say("approve_own", "You wrote this text: somebody else has to approve it.")
        )
    if reviewer.actor.kind == "key":
        # It may be a key of the very person who wrote it.
        return MemberNeeded(
            say(
                "approve_edited",
                "This text was edited here: a member has to approve it, not a key.",
            )
        )
    return None


def _person(policy: ReviewPolicy, reviewer: Reviewer) -> DomainError | None:
    if reviewer.actor.kind == "user" or policy.quorum == 1:
        return None
    return MemberNeeded(
        say(
            "approve_quorum",
            "{quorum} members have to approve here; a key is none.",
            quorum=policy.quorum,
        )
    )


def _signed_in(policy: ReviewPolicy, reviewer: Reviewer) -> DomainError | None:
    if policy.reauth_minutes is None:
        return None
    if reviewer.actor.kind == "key":
        english = "Approving takes somebody who shows who they are: a key cannot."
        return MemberNeeded(say("approve_person", english))
    at = reviewer.signed_in_at
    if at is not None and at > now() - timedelta(minutes=policy.reauth_minutes):
        return None
    return ReauthenticationNeeded(
        say(
            "approve_proof",
            "Show again that it is you: approving takes a password, code or passkey, or a sign-in,"
            " from the last {minutes} minutes.",
            minutes=policy.reauth_minutes,
        ),
        within_minutes=policy.reauth_minutes,
    )


def _is_one(who: tuple[str, str], members: set[str]) -> bool:
    kind, identity = who
    return kind == "user" and identity in members
