from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.aggregates import Aggregate
from django.db.models.fields import FloatField
from django.db.models.functions import TruncHour

from apps.trajectories.models import Turn
from apps.trajectories.months import first_id
from apps.trajectories.selectors.filters import OUTCOMES

_HOURS = 24


class _Percentile(Aggregate):
    function = "percentile_cont"
    name = "percentile"
    output_field = FloatField()
    template = "%(function)s(%(percentile)s) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True, slots=True)
class TrafficOverview:
    """The last 24 hours of a workspace's traffic."""

    total: int
    failed: int
    p50_ms: float | None
    p95_ms: float | None
    first_at: datetime | None
    last_at: datetime | None
    outcomes: dict[str, int]
    series: list[dict[str, Any]]


def traffic_overview(*, tenant_id: UUID, at: datetime) -> TrafficOverview:
    """Counts and latencies of the 24 hours before ``at``, and one bucket per hour."""
    turns = Turn.objects.for_tenant(tenant_id).filter(is_rollout=False)
    since = at - timedelta(hours=_HOURS)
    # Ids are made as requests come: their index serves times, and says which months to read.
    recent = turns.filter(id__gte=first_id(since), started_at__gt=since, is_latest=True)
    counted = recent.aggregate(
        total=Count("id"),
        p50=_Percentile("latency_ms", percentile=0.5, filter=Q(status="complete")),
        p95=_Percentile("latency_ms", percentile=0.95, filter=Q(status="complete")),
        **{name: Count("id", filter=condition) for name, condition in OUTCOMES.items()},
    )
    times = turns.values_list("started_at", flat=True)
    return TrafficOverview(
        total=counted["total"],
        failed=counted["failed"],
        p50_ms=counted["p50"],
        p95_ms=counted["p95"],
        first_at=times.order_by("id").first(),
        last_at=times.order_by("id").last(),
        outcomes={name: counted[name] for name in OUTCOMES},
        series=_by_hour(recent, at),
    )


def _by_hour(recent: Any, at: datetime) -> list[dict[str, Any]]:
    rows = (
        recent.annotate(hour=TruncHour("started_at"))
        .values("hour")
        .annotate(
            turns=Count("id"),
            passed=Count("id", filter=OUTCOMES["passed"]),
            failed=Count("id", filter=OUTCOMES["failed"]),
        )
    )
    found = {row["hour"]: row for row in rows}
    this_hour = at.replace(minute=0, second=0, microsecond=0)
    hours = [this_hour - timedelta(hours=back) for back in range(_HOURS - 1, -1, -1)]
    empty = {"turns": 0, "passed": 0, "failed": 0}
    return [{"at": hour} | {name: found.get(hour, empty)[name] for name in empty} for hour in hours]
