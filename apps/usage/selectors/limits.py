from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from apps.core.errors import NotFound
from apps.tenants.selectors import tenant_get
from apps.usage.days import zone_of
from apps.usage.models import Limit
from apps.usage.selectors.prices import price_table
from apps.usage.types import LimitRule, LimitRules, Scope


def limit_list(*, tenant_id: UUID) -> QuerySet[Limit]:
    return Limit.objects.for_tenant(tenant_id)


def limit_get(*, tenant_id: UUID, limit_id: UUID) -> Limit:
    found = Limit.objects.for_tenant(tenant_id).filter(id=limit_id).first()
    if found is None:
        raise NotFound
    return found


def limit_rules(*, tenant_id: UUID) -> LimitRules:
    """All limits of a workspace, with what it takes to hold somebody to them."""
    rules = tuple(rule_of(row) for row in limit_list(tenant_id=tenant_id).order_by("id"))
    if not rules:
        return LimitRules()
    zone = zone_of(tenant_get(tenant_id=tenant_id).time_zone)
    return LimitRules(zone.key, rules, price_table(tenant_id=tenant_id))


def rule_of(row: Limit) -> LimitRule:
    return LimitRule(
        limit_id=row.id,
        scope=cast("Scope", row.scope),
        subject=row.subject,
        requests_per_minute=row.requests_per_minute,
        tokens_per_minute=row.tokens_per_minute,
        concurrent_streams=row.concurrent_streams,
        day_micros=row.day_micros,
        month_micros=row.month_micros,
    )
