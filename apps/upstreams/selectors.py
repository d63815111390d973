from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from apps.core import crypto, guard
from apps.core.errors import NotFound
from apps.core.said import say
from apps.tenants.selectors import tenant_data_key
from apps.upstreams.errors import NoUpstream
from apps.upstreams.models import Route, RouteTarget, Upstream
from apps.upstreams.route_table import RouteRule, RouteTable
from apps.upstreams.types import USE_FIELDS, Serving, Target, UpstreamConnection, Use


def upstream_list(*, tenant_id: UUID) -> QuerySet[Upstream]:
    return Upstream.objects.for_tenant(tenant_id)


def upstream_get(*, tenant_id: UUID, upstream_id: UUID) -> Upstream:
    found = Upstream.objects.for_tenant(tenant_id).filter(id=upstream_id).first()
    if found is None:
        raise NotFound
    return found


def serving_find(*, tenant_id: UUID) -> Serving | None:
    """The provider that serves, to be shown; its key stays sealed."""
    row = Upstream.objects.for_tenant(tenant_id).filter(serves=True).first()
    return Serving(row.name, row.kind, row.model, row.is_simulated) if row else None


def connection_find(*, tenant_id: UUID, use: Use) -> UpstreamConnection | None:
    """The connection for a purpose; judge and evolver fall back to the serving one."""
    rows = Upstream.objects.for_tenant(tenant_id)
    row = rows.filter(**{USE_FIELDS[use]: True}).first() or rows.filter(serves=True).first()
    return connection_of(row) if row else None


def connection_for(*, tenant_id: UUID, use: Use) -> UpstreamConnection:
    """Like :func:`connection_find`, but raises NoUpstream."""
    found = connection_find(tenant_id=tenant_id, use=use)
    if found is None:
        english = "This workspace has no model provider yet. Add one under Upstreams."
        raise NoUpstream(say("no_upstream", english))
    return found


def connection_of(row: Upstream) -> UpstreamConnection:
    """Open the sealed key of a row."""
    key = ""
    if row.sealed_key is not None:
        data_key = tenant_data_key(tenant_id=row.tenant_id)
        context = seal_context(row.tenant_id, row.id, row.base_url)
        key = crypto.unseal(data_key, row.sealed_key, context=context).decode()
    return UpstreamConnection(
        upstream_id=row.id,
        name=row.name,
        kind=row.kind,
        base_url=row.base_url,
        api_key=key,
        model=row.model,
        own_dialects=tuple(row.dialects or ()),
    )


def route_list(*, tenant_id: UUID) -> QuerySet[Route]:
    return Route.objects.for_tenant(tenant_id).prefetch_related(_targets(tenant_id))


def route_get(*, tenant_id: UUID, route_id: UUID) -> Route:
    found = route_list(tenant_id=tenant_id).filter(id=route_id).first()
    if found is None:
        raise NotFound
    return found


def route_using(*, tenant_id: UUID, upstream_id: UUID) -> Route | None:
    """A route that goes to the provider, if there is one."""
    targets = RouteTarget.objects.for_tenant(tenant_id).filter(upstream_id=upstream_id)
    found = targets.select_related("route").first()
    return found.route if found else None


def route_table(*, tenant_id: UUID) -> RouteTable:
    """Every route of the workspace with its providers' keys opened, and what serves the rest."""
    opened: dict[UUID, UpstreamConnection] = {}

    def connection(row: Upstream) -> UpstreamConnection:
        if row.id not in opened:
            opened[row.id] = connection_of(row)
        return opened[row.id]

    rules = [
        RouteRule(
            model=row.model,
            agent=row.agent,
            first_byte_seconds=row.first_byte_seconds,
            idle_seconds=row.idle_seconds,
            targets=tuple(
                Target(connection(target.upstream), target.model, target.weight)
                for target in row.targets.all()
            ),
        )
        for row in route_list(tenant_id=tenant_id).filter(is_enabled=True)
    ]
    return RouteTable(rules, connection_find(tenant_id=tenant_id, use="serve"))


def _targets(tenant_id: UUID) -> "Prefetch[Any]":
    rows = RouteTarget.objects.for_tenant(tenant_id).select_related("upstream")
    return Prefetch("targets", queryset=rows.order_by("position"))


def seal_context(tenant_id: UUID, upstream_id: UUID, base_url: str) -> str:
    """What a sealed key is bound to: moved to another row or origin it does not open."""
    return f"upstream:{tenant_id}:{upstream_id}:{guard.origin_of(base_url)}"
