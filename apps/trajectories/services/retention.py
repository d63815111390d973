"""Letting go of turns: what a workspace no longer wants, by row or by the month.

No request is ever built from a turn of another month. So a month can be dropped as a whole
when nobody wants any of it; until then turns go one by one, and those that stay and were
built from one that goes are stored whole first.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, ForeignObjectRel, OuterRef

from apps.core.clock import now
from apps.core.tenancy import directory, tenant_tx
from apps.tenants.models import Tenant
from apps.trajectories.exact.cutting import cut
from apps.trajectories.exact.recipe import recipe_for
from apps.trajectories.models import Piece, Session, Turn
from apps.trajectories.months import first_id, month_at, month_of, next_month
from apps.trajectories.partitions import month_drop, months_ensure, months_kept
from apps.trajectories.selectors.requests import request_built

logger = logging.getLogger(__name__)

_AT_ONCE = 1000
_AHEAD = 2


def turns_sweep() -> None:
    """Make the tables of the months to come, and let go of what is over. For once an hour."""
    month = month_at(now())
    for _ in range(_AHEAD + 1):
        months_ensure([month])
        month = next_month(month)
    for kept in months_kept():
        _drop_if_over(kept)
    for tenant_id, days in _windows().items():
        if days is None:
            continue
        gone = turns_forget(tenant_id=tenant_id, before=now() - timedelta(days=days))
        if gone:
            logger.info("turns.forgotten", extra={"tenant_id": tenant_id, "turns": gone})


def _windows() -> dict[UUID, int | None]:
    with directory():
        return dict(Tenant.objects.values_list("id", "retention_days"))


def _drop_if_over(month: datetime) -> None:
    """Drop a month's table at once where no workspace wants anything in it any more."""
    end = next_month(month)
    windows = _windows()
    if any(days is None or now() - timedelta(days=days) < end for days in windows.values()):
        # It may still be empty by now: the database looks.
        is_dropped = end < now() and month_drop(month)
    else:
        bound = first_id(end)
        for tenant_id in windows:
            with tenant_tx(tenant_id):
                _detach(tenant_id, bound)
                _drop_children(tenant_id, turn_id__lt=bound)
        is_dropped = month_drop(month)
    if is_dropped:
        logger.info("turns.month_dropped", extra={"month": month})


def turns_forget(*, tenant_id: UUID, before: datetime) -> int:
    """Delete the tenant's turns of the time before, with all that hangs on them."""
    bound = first_id(before)
    with tenant_tx(tenant_id):
        _detach(tenant_id, bound)
    gone = 0
    while count := _forget_some(tenant_id, bound):
        gone += count
    with tenant_tx(tenant_id):
        # Pieces sort with their month: those of this one may still be needed.
        over = first_id(month_of(bound))
        Piece.objects.for_tenant(tenant_id).filter(id__lt=over)._raw_delete(using="default")
        _forget_unused(tenant_id, before)
    return gone


def _detach(tenant_id: UUID, bound: UUID) -> None:
    """Turns that stay do without those that go."""
    staying = Turn.objects.for_tenant(tenant_id).filter(id__gte=bound)
    built_on = staying.filter(base_id__lt=bound).values_list("id", flat=True)
    for turn_id in list(built_on):
        request = request_built(tenant_id=tenant_id, turn_id=turn_id)
        # Its pieces in its own row: that is a turn or two for every conversation that goes on.
        recipe = recipe_for(cut(request.body), [], may_share=False)
        Turn.objects.for_tenant(tenant_id).filter(id=turn_id).update(
            request=recipe.packed({}), base_id=None
        )
    staying.filter(parent_id__lt=bound).update(parent_id=None)


def _forget_some(tenant_id: UUID, bound: UUID) -> int:
    with tenant_tx(tenant_id):
        going = Turn.objects.for_tenant(tenant_id).filter(id__lt=bound).order_by("id")
        turn_ids = list(going.values_list("id", flat=True)[:_AT_ONCE])
        if not turn_ids:
            return 0
        turns = Turn.objects.for_tenant(tenant_id)
        turns.filter(parent_id__in=turn_ids).update(parent_id=None)
        _drop_children(tenant_id, turn_id__in=turn_ids)
        deleted: int = turns.filter(id__in=turn_ids)._raw_delete(using="default")
        return deleted


def _drop_children(tenant_id: UUID, **those: Any) -> None:
    """Whatever rows of whatever app point at these turns."""
    for relation in Turn._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model is Turn:
            continue
        model: Any = relation.related_model
        name = relation.field.attname
        wanted = {key.replace("turn_id", name): value for key, value in those.items()}
        model.objects.for_tenant(tenant_id).filter(**wanted)._raw_delete(using="default")


def _forget_unused(tenant_id: UUID, before: datetime) -> None:
    """Sessions without turns."""
    turns = Turn.objects.for_tenant(tenant_id)
    Session.objects.for_tenant(tenant_id).filter(
        ~Exists(turns.filter(session_id=OuterRef("id"))), last_turn_at__lt=before
    )._raw_delete(using="default")
