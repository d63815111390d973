from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record, config_changed
from apps.tenants.types import Actor
from apps.upstreams import selectors
from apps.upstreams.errors import RouteInvalid, RouteTaken
from apps.upstreams.models import Route, RouteTarget, Upstream

_STARS_MAX = 3
_PLAIN = ("agent", "first_byte_seconds", "idle_seconds", "is_enabled")


def route_create(
    *,
    tenant_id: UUID,
    actor: Actor,
    model: str,
    targets: Sequence[Mapping[str, Any]],
    **fields: Any,
) -> Route:
    """Send a model's requests to these targets: ``{upstream, model?, weight?}``, in order.

    ``upstream`` is the id or the name of a connection; ``fields`` are those of the route:
    agent, first_byte_seconds, idle_seconds, is_enabled. Raises RouteInvalid, RouteTaken.
    """
    with tenant_tx(tenant_id):
        row = Route(id=uuid7(), tenant_id=tenant_id, model=_checked(model), **fields)
        _save(row)
        _set_targets(row, targets)
        return _changed(row, actor, "route.created")


def route_update(*, tenant_id: UUID, actor: Actor, route_id: UUID, **fields: Any) -> Route:
    """Change a route; ``targets`` are replaced as a whole. Raises RouteInvalid, RouteTaken."""
    with tenant_tx(tenant_id):
        row = selectors.route_get(tenant_id=tenant_id, route_id=route_id)
        if "model" in fields:
            row.model = _checked(fields["model"])
        for name in _PLAIN:
            setattr(row, name, fields.get(name, getattr(row, name)))
        _save(row)
        if "targets" in fields:
            _set_targets(row, fields["targets"])
        elif "model" in fields:
            for position, target in enumerate(row.targets.all()):
                _check_stars(row, target.model, position)
        return _changed(row, actor, "route.changed")


def route_put(
    *, tenant_id: UUID, actor: Actor, model: str, targets: Sequence[Mapping[str, Any]]
) -> Route:
    """Have everybody's requests for ``model`` go to these targets: by a new route, or by the one
    there is, whose other settings stay. It is switched on. Raises RouteInvalid."""
    with tenant_tx(tenant_id):
        rows = selectors.route_list(tenant_id=tenant_id).filter(model=model, agent="")
        found = rows.first()
        if found is None:
            return route_create(tenant_id=tenant_id, actor=actor, model=model, targets=targets)
        return route_update(
            tenant_id=tenant_id,
            actor=actor,
            route_id=found.id,
            targets=targets,
            is_enabled=True,
        )


def route_delete(*, tenant_id: UUID, actor: Actor, route_id: UUID) -> None:
    with tenant_tx(tenant_id):
        row = selectors.route_get(tenant_id=tenant_id, route_id=route_id)
        _changed(row, actor, "route.deleted")
        row.delete()


def _checked(model: str) -> str:
    if model.count("*") > _STARS_MAX or "**" in model:
        english = "A model's name may hold up to {limit} single stars."
        message = say("route_stars", english, limit=_STARS_MAX)
        raise RouteInvalid.of("model", message)
    return model


def _set_targets(row: Route, targets: Sequence[Mapping[str, Any]]) -> None:
    rows: list[RouteTarget] = []
    for position, target in enumerate(targets):
        upstream = _upstream(row.tenant_id, str(target["upstream"]), position)
        model = target.get("model", "")
        _check_stars(row, model, position)
        if any((other.upstream_id, other.model) == (upstream.id, model) for other in rows):
            english = "The route goes to {name} with this model already."
            message = say("route_twice", english, name=upstream.name)
            raise RouteInvalid.of(f"targets[{position}]", message)
        rows.append(
            RouteTarget(
                tenant_id=row.tenant_id,
                route=row,
                upstream=upstream,
                model=model,
                weight=target.get("weight", 0),
                position=position,
            )
        )
    RouteTarget.objects.for_tenant(row.tenant_id).filter(route=row).delete()
    RouteTarget.objects.bulk_create(rows)


def _check_stars(row: Route, model: str, position: int) -> None:
    if "*" in model and "*" not in row.model:
        english = "A star stands for what the route's own star stood for, and it has none."
        message = say("route_star_of_none", english)
        raise RouteInvalid.of(f"targets[{position}].model", message)


def _upstream(tenant_id: UUID, named: str, position: int) -> Upstream:
    wanted = Q(name=named)
    # What is no id can only be a name.
    with suppress(ValueError):
        wanted |= Q(id=UUID(named))
    # Locked, so that it is still there when the route is.
    found = Upstream.objects.for_tenant(tenant_id).select_for_update().filter(wanted).first()
    if found is None:
        message = say("upstream_unknown", "There is no upstream called {name}.", name=named)
        raise RouteInvalid.of(f"targets[{position}].upstream", message)
    if found.is_simulated:
        english = "The practice model serves by itself, and never beside a real provider."
        message = say("practice_in_route", english)
        raise RouteInvalid.of(f"targets[{position}].upstream", message)
    return found


def _save(row: Route) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as exc:
        raise RouteTaken(
            say("route_taken", "There is a route for {model} already.", model=row.model)
        ) from exc


def _changed(row: Route, actor: Actor, action: str) -> Route:
    found = selectors.route_get(tenant_id=row.tenant_id, route_id=row.id)
    audit_record(
        tenant_id=row.tenant_id,
        actor=actor,
        action=action,
        subject=row.model,
        detail=", ".join(target.upstream.name for target in found.targets.all()),
    )
    config_changed(tenant_id=row.tenant_id)
    publish_on_commit(row.tenant_id, Changed("upstreams.route", str(row.id), action))
    return found
