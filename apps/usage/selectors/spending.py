"""What was spent of limits, as the ledger has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from apps.core.clock import now
from apps.tenants.selectors import tenant_get
from apps.usage.days import day_end, day_of, month_end, zone_of
from apps.usage.models import Limit, UsageDay
from apps.usage.selectors.limits import limit_list, rule_of
from apps.usage.types import LimitRule, Spent


def spent_all(*, tenant_id: UUID, rules: Sequence[LimitRule], at: datetime) -> dict[UUID, Spent]:
    """By limit: what its scope spent of the day and of the month that ``at`` falls into."""
    if not rules:
        return {}
    zone = zone_of(tenant_get(tenant_id=tenant_id).time_zone)
    today = day_of(at, zone)
    rows = (
        UsageDay.objects.for_tenant(tenant_id)
        .filter(day__gte=today.replace(day=1), day__lte=today)
        .values_list("day", "key_id", "agent")
        .annotate(Sum("cost_micros"))
        .order_by()
    )
    sums = {rule.limit_id: [0, 0] for rule in rules}
    for day, key_id, agent, micros in rows:
        for rule in rules:
            if rule.scope == "tenant" or rule.subject == (
                str(key_id) if rule.scope == "key" else agent
            ):
                sums[rule.limit_id][1] += int(micros)
                if day == today:
                    sums[rule.limit_id][0] += int(micros)
    return {limit_id: Spent(day, month) for limit_id, (day, month) in sums.items()}


@dataclass(frozen=True, slots=True)
class LimitNow:
    """A limit, and how much of its money is gone."""

    limit: Limit
    spent: Spent
    day_ends_at: datetime
    month_ends_at: datetime


def limits_now(*, tenant_id: UUID) -> list[LimitNow]:
    """Every limit with money, and when what was spent of it is forgiven."""
    at = now()
    zone = zone_of(tenant_get(tenant_id=tenant_id).time_zone)
    rows = [row for row in limit_list(tenant_id=tenant_id) if rule_of(row).has_money]
    spent = spent_all(tenant_id=tenant_id, rules=[rule_of(row) for row in rows], at=at)
    return [LimitNow(row, spent[row.id], day_end(at, zone), month_end(at, zone)) for row in rows]
