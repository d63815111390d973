"""Who is at something right now: one mechanism for proposals and for turns to annotate.

Whoever calls has locked the row that the lease is about: it serialises who takes the lease.
"""

from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet

from apps.core.clock import now
from apps.evolution.models import Lease
from apps.tenants.types import Actor

LEASE_SECONDS = 120

LeaseT = TypeVar("LeaseT", bound=Lease)


def held_by_other(rows: QuerySet[LeaseT], actor: Actor) -> LeaseT | None:
    """The lease of somebody else that still runs."""
    lease = rows.filter(expires_at__gt=now()).first()
    if lease is None or (lease.holder_kind, lease.holder_id) == (actor.kind, actor.id):
        return None
    return lease


def lease_hold(rows: QuerySet[LeaseT], actor: Actor, **about: Any) -> bool:
    """Take the lease, or make one's own last longer; True if it was taken.

    ``rows`` are the leases on that one thing, ``about`` the fields that name it. Whether somebody
    else holds it is asked before.
    """
    until = now() + timedelta(seconds=LEASE_SECONDS)
    is_renewed = rows.filter(
        holder_kind=actor.kind, holder_id=actor.id, expires_at__gt=now()
    ).update(expires_at=until)
    if is_renewed:
        return False
    rows.delete()
    rows.create(
        holder_kind=actor.kind,
        holder_id=actor.id,
        holder=actor.label,
        expires_at=until,
        **about,
    )
    return True


def lease_drop(rows: QuerySet[LeaseT], actor: Actor) -> bool:
    """Give back one's own lease; True if there was one."""
    return rows.filter(holder_kind=actor.kind, holder_id=actor.id).delete()[0] > 0
