"""What judging cost, by the day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from apps.core.clock import now
from apps.tenants.selectors import tenant_get
from apps.trajectories.models import Score
from apps.trajectories.months import first_id
from apps.usage.days import day_of, zone_of

_DAYS = 30


@dataclass(frozen=True, slots=True)
class JudgeSpending:
    """``days`` has a row for every day with a judged turn; days are the workspace's."""

    since: date
    until: date
    days: list[dict[str, Any]]
    total: dict[str, Any]


def judge_spending(
    *, tenant_id: UUID, since: date | None = None, until: date | None = None
) -> JudgeSpending:
    """The scores of judges that are on record, and what they cost when they were made.

    Both days belong to it; without them the latest thirty.
    """
    zone = zone_of(tenant_get(tenant_id=tenant_id).time_zone)
    last = until or day_of(now(), zone)
    first = since or last - timedelta(days=_DAYS - 1)
    begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    rows = Score.objects.for_tenant(tenant_id).filter(
        # A score's id is made when it is stored, which is after it was said.
        id__gte=first_id(begin),
        kind=Score.Kind.JUDGE,
        created_at__gte=begin,
        created_at__lt=end,
    )
    by_day = rows.annotate(day=TruncDate("created_at", tzinfo=zone)).values("day")
    days = by_day.annotate(**_SUMS).order_by("day")
    return JudgeSpending(first, last, [dict(day) for day in days], rows.aggregate(**_SUMS))


_SUMS = {
    "scores": Count("id"),
    # Of models without a known price: not part of the cost.
    "unpriced": Count("id", filter=Q(cost_micros__isnull=True)),
    # What the sums are called must not hide the columns from each other.
    "tokens_in": Coalesce(Sum("input_tokens"), 0),
    "tokens_out": Coalesce(Sum("output_tokens"), 0),
    "micros": Coalesce(Sum("cost_micros"), 0),
}
