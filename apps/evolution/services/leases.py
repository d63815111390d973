"""Who reads a proposal right now, so that two do not decide it past each other."""

from datetime import timedelta
from uuid import UUID

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import LeaseHeld
from apps.evolution.models import Proposal, ReviewLease
from apps.evolution.types import Reviewer
from apps.live.events import Changed, publish_on_commit
from apps.tenants.selectors import role_rank
from apps.tenants.types import Actor

LEASE_SECONDS = 120
_TAKES_OVER = "admin"


def lease_take(*, tenant_id: UUID, reviewer: Reviewer, proposal_id: UUID) -> Proposal:
    """Say that one reads a proposal, or still does. Raises LeaseHeld while somebody else does."""
    with tenant_tx(tenant_id):
        proposal = _locked(tenant_id, proposal_id)
        refuse_others(proposal=proposal, reviewer=reviewer, takes_over=False)
        actor = reviewer.actor
        rows = ReviewLease.objects.for_tenant(tenant_id).filter(proposal_id=proposal_id)
        until = now() + timedelta(seconds=LEASE_SECONDS)
        is_renewed = rows.filter(
            holder_kind=actor.kind, holder_id=actor.id, expires_at__gt=now()
        ).update(expires_at=until)
        if not is_renewed:
            rows.delete()
            ReviewLease.objects.create(
                tenant_id=tenant_id,
                proposal_id=proposal_id,
                holder_kind=actor.kind,
                holder_id=actor.id,
                holder=actor.label,
                expires_at=until,
            )
            _announce(tenant_id, proposal_id, "read")
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def lease_give_back(*, tenant_id: UUID, actor: Actor, proposal_id: UUID) -> Proposal:
    """Stop reading. Nothing happens to the lease of somebody else."""
    with tenant_tx(tenant_id):
        proposal = _locked(tenant_id, proposal_id)
        rows = ReviewLease.objects.for_tenant(tenant_id).filter(
            proposal_id=proposal.id, holder_kind=actor.kind, holder_id=actor.id
        )
        if rows.delete()[0]:
            _announce(tenant_id, proposal_id, "left")
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def refuse_others(*, proposal: Proposal, reviewer: Reviewer, takes_over: bool) -> None:
    """Raise LeaseHeld while somebody else reads the (locked) proposal.

    ``takes_over``: an admin decides all the same; the other's lease ends.
    """
    lease = selectors.lease_find(tenant_id=proposal.tenant_id, proposal_id=proposal.id)
    actor = reviewer.actor
    if lease is None or (lease.holder_kind, lease.holder_id) == (actor.kind, actor.id):
        return
    may_take_over = role_rank(reviewer.role) >= role_rank(_TAKES_OVER)
    if takes_over and may_take_over:
        ReviewLease.objects.for_tenant(proposal.tenant_id).filter(id=lease.id).delete()
        return
    raise LeaseHeld(
        f"{lease.holder} reads this proposal right now.",
        holder=lease.holder,
        expires_at=lease.expires_at.isoformat(),
        may_take_over=may_take_over,
    )


def lease_end(proposal: Proposal) -> None:
    """What was decided is not read for a decision any more."""
    ReviewLease.objects.for_tenant(proposal.tenant_id).filter(proposal_id=proposal.id).delete()


def _locked(tenant_id: UUID, proposal_id: UUID) -> Proposal:
    """The proposal's row serialises who takes its lease and who decides."""
    rows = Proposal.objects.for_tenant(tenant_id).select_for_update().filter(id=proposal_id)
    return rows.first() or selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)


def _announce(tenant_id: UUID, proposal_id: UUID, what: str) -> None:
    publish_on_commit(tenant_id, Changed("evolution.proposal", str(proposal_id), what))
