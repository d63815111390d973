"""Who reads a proposal right now, so that two do not decide it past each other."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import LeaseHeld
from apps.evolution.models import Proposal, ReviewLease
from apps.evolution.services.leasing import held_by_other, lease_drop, lease_hold
from apps.evolution.types import Reviewer
from apps.live.events import Changed, publish_on_commit
from apps.tenants.selectors import role_rank
from apps.tenants.types import Actor

_TAKES_OVER = "admin"


def lease_take(*, tenant_id: UUID, reviewer: Reviewer, proposal_id: UUID) -> Proposal:
    """Say that one reads a proposal, or still does. Raises LeaseHeld while somebody else does."""
    with tenant_tx(tenant_id):
        proposal = _locked(tenant_id, proposal_id)
        refuse_others(proposal=proposal, reviewer=reviewer, takes_over=False)
        rows = _leases(tenant_id, proposal_id)
        if lease_hold(rows, reviewer.actor, tenant_id=tenant_id, proposal_id=proposal_id):
            _announce(tenant_id, proposal_id, "read")
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def lease_give_back(*, tenant_id: UUID, actor: Actor, proposal_id: UUID) -> Proposal:
    """Stop reading. Nothing happens to the lease of somebody else."""
    with tenant_tx(tenant_id):
        proposal = _locked(tenant_id, proposal_id)
        if lease_drop(_leases(tenant_id, proposal.id), actor):
            _announce(tenant_id, proposal_id, "left")
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def refuse_others(*, proposal: Proposal, reviewer: Reviewer, takes_over: bool) -> None:
    """Raise LeaseHeld while somebody else reads the (locked) proposal.

    ``takes_over``: an admin decides all the same; the other's lease ends.
    """
    lease = held_by_other(_leases(proposal.tenant_id, proposal.id), reviewer.actor)
    if lease is None:
        return
    may_take_over = role_rank(reviewer.role) >= role_rank(_TAKES_OVER)
    if takes_over and may_take_over:
        ReviewLease.objects.for_tenant(proposal.tenant_id).filter(id=lease.id).delete()
        return
    raise LeaseHeld(
        say("proposal_read", "{who} reads this proposal right now.", who=lease.holder),
        holder=lease.holder,
        expires_at=lease.expires_at.isoformat(),
        may_take_over=may_take_over,
    )


def lease_end(proposal: Proposal) -> None:
    """What was decided is not read for a decision any more."""
    _leases(proposal.tenant_id, proposal.id).delete()


def _leases(tenant_id: UUID, proposal_id: UUID) -> QuerySet[ReviewLease]:
    return ReviewLease.objects.for_tenant(tenant_id).filter(proposal_id=proposal_id)


def _locked(tenant_id: UUID, proposal_id: UUID) -> Proposal:
    """The proposal's row serialises who takes its lease and who decides."""
    rows = Proposal.objects.for_tenant(tenant_id).select_for_update().filter(id=proposal_id)
    return rows.first() or selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def _announce(tenant_id: UUID, proposal_id: UUID, what: str) -> None:
    publish_on_commit(tenant_id, Changed("evolution.proposal", str(proposal_id), what))
