"""Which model answered which session."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.trajectories.models import Turn
from apps.trajectories.months import first_id


@dataclass(frozen=True, slots=True)
class ServedSession:
    """A session and the first turn in which one of the models answered it."""

    session_id: UUID
    first_turn_id: UUID
    served_model: str


def sessions_served(
    *,
    tenant_id: UUID,
    model: str,
    served_models: Collection[str],
    since: datetime,
    until: datetime | None = None,
) -> list[ServedSession]:
    """Sessions that began since then, asked for ``model``, by who answered them first.

    In the order in which they began.
    """
    rows = Turn.objects.for_tenant(tenant_id).filter(
        id__gte=first_id(since),
        kind=Turn.Kind.MAIN,
        is_repeated=False,
        is_rollout=False,
        model=model,
        served_model__in=list(served_models),
        session__started_at__gte=since,
    )
    if until is not None:
        rows = rows.filter(id__lt=first_id(until))
    first = rows.order_by("session_id", "id").distinct("session_id")
    found = [ServedSession(*row) for row in first.values_list("session_id", "id", "served_model")]
    return sorted(found, key=lambda one: one.first_turn_id)
