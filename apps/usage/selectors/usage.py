"""Sums of what was used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from apps.core.clock import now
from apps.tenants.selectors import key_names, tenant_get
from apps.usage.days import day_of, zone_of
from apps.usage.models import UsageDay

GROUPS = {"day": "day", "model": "model", "key": "key_id", "agent": "agent", "upstream": "upstream"}
NUMBERS = (
    "requests",
    "aborted",
    "estimated",
    "unpriced",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cost_micros",
)


@dataclass(frozen=True, slots=True)
class UsageReport:
    since: date
    until: date
    by: str
    rows: Sequence[Mapping[str, Any]]
    total: dict[str, int]


def usage_report(
    *, tenant_id: UUID, by: str, since: date | None = None, until: date | None = None
) -> UsageReport:
    """Sums of the days from ``since`` to ``until``, both included; by default of this month."""
    today = day_of(now(), zone_of(tenant_get(tenant_id=tenant_id).time_zone))
    until = until or today
    since = since or until.replace(day=1)
    days = UsageDay.objects.for_tenant(tenant_id).filter(day__gte=since, day__lte=until)
    sums = {name: Sum(name) for name in NUMBERS}
    column = GROUPS[by]
    order = F("group").asc() if by == "day" else F("cost_micros").desc()
    grouped = days.values(group=F(column)).annotate(**sums).order_by(order, "group")
    names = key_names(tenant_id=tenant_id) if by == "key" else {}
    rows = [
        row | {"group": str(row["group"]), "name": names.get(row["group"], "")} for row in grouped
    ]
    total = {name: value or 0 for name, value in days.aggregate(**sums).items()}
    return UsageReport(since, until, by, rows, total)
