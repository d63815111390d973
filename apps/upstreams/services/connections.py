from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from apps.core import crypto, guard
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.llm.client import ProbeResult, probe
from apps.live.events import Changed, publish_on_commit
from apps.tenants.selectors import tenant_data_key, tenant_get
from apps.tenants.services import audit_record, config_changed
from apps.tenants.types import Actor
from apps.upstreams import selectors
from apps.upstreams.asking import llm_connection
from apps.upstreams.errors import UpstreamInUse, UpstreamInvalid, UpstreamNameTaken
from apps.upstreams.models import Upstream
from apps.upstreams.presets import BY_KIND
from apps.upstreams.types import USE_FIELDS, USES

_WIRING = frozenset({"kind", "base_url", "api_key"})


def upstream_create(
    *,
    tenant_id: UUID,
    actor: Actor,
    name: str,
    kind: str,
    base_url: str = "",
    api_key: str = "",
    model: str = "",
    uses: Collection[str] = (),
    dialects: Sequence[str] | None = None,
) -> Upstream:
    """Add a provider connection; the first real one of a workspace serves from then on, unless
    it is a trainer, which does so only where that is asked for.

    Raises UpstreamInvalid for a URL that must not be called, UpstreamNameTaken.
    """
    base_url = base_url or BY_KIND[kind].base_url
    _check_url(base_url)
    _refuse_ourselves(base_url)
    with tenant_tx(tenant_id):
        _refuse_in_demo(tenant_id, actor)
        row = Upstream(
            id=uuid7(),
            tenant_id=tenant_id,
            name=name,
            kind=kind,
            base_url=base_url,
            model=model,
            dialects=list(dialects) if dialects else None,
        )
        _seal(row, api_key)
        serving = Upstream.objects.for_tenant(tenant_id).filter(serves=True).first()
        is_first = (serving is None or serving.is_simulated) and BY_KIND[kind].answers_all
        _save(row, {*uses, "serve"} if is_first else set(uses))
        _changed(row, actor, "upstream.created")
    return row


def upstream_update(*, tenant_id: UUID, actor: Actor, upstream_id: UUID, **fields: Any) -> Upstream:
    """Change a connection. A key belongs to the origin it was given for: a new origin needs
    the key again, so that nobody can have a stored key sent to an address of their own.
    """
    with tenant_tx(tenant_id):
        row = selectors.upstream_get(tenant_id=tenant_id, upstream_id=upstream_id)
        if (_WIRING | {"uses"}) & fields.keys():
            _refuse_in_demo(tenant_id, actor)
        if row.is_simulated and actor.kind != "system" and _WIRING & fields.keys():
            english = (
                "The practice model is wired by the installation. Add another upstream instead."
            )
            raise UpstreamInvalid(say("practice_wired", english))
        base_url = fields.get("base_url", row.base_url)
        if not base_url:
            base_url = fields["base_url"] = BY_KIND[fields.get("kind", row.kind)].base_url
        _check_url(base_url)
        if base_url != row.base_url:
            _refuse_ourselves(base_url)
        moved = guard.origin_of(base_url) != guard.origin_of(row.base_url)
        if moved and row.sealed_key is not None and not fields.get("api_key"):
            english = "The stored key belongs to the old address. Enter the key for the new one."
            raise UpstreamInvalid.of("api_key", say("key_of_old_address", english))
        for name in ("name", "kind", "base_url", "model", "dialects"):
            setattr(row, name, fields.get(name, getattr(row, name)))
        if "api_key" in fields:
            _seal(row, fields["api_key"])
        uses = {use for use in USES if getattr(row, USE_FIELDS[use])}
        wanted = set(fields.get("uses", uses))
        if "serve" in uses - wanted:
            english = "Requests need a provider: let another one serve instead."
            raise UpstreamInUse(say("upstream_must_serve", english))
        _save(row, wanted)
        _changed(row, actor, "upstream.changed")
    return row


def upstream_delete(*, tenant_id: UUID, actor: Actor, upstream_id: UUID) -> None:
    """Remove a connection; raises UpstreamInUse for one that serves or that a route goes to."""
    with tenant_tx(tenant_id):
        mine = Upstream.objects.for_tenant(tenant_id)
        # Locked, so that no route begins to go there between the look and the end.
        mine.select_for_update().filter(id=upstream_id).first()
        row = selectors.upstream_get(tenant_id=tenant_id, upstream_id=upstream_id)
        if row.serves:
            english = "This provider serves requests. Let another one serve first."
            raise UpstreamInUse(say("upstream_serves", english))
        route = selectors.route_using(tenant_id=tenant_id, upstream_id=upstream_id)
        if route is not None:
            english = "The route for {model} goes to this provider."
            raise UpstreamInUse(say("upstream_has_route", english, model=route.model))
        _changed(row, actor, "upstream.deleted")
        row.delete()


def upstream_test(*, tenant_id: UUID, upstream_id: UUID) -> ProbeResult:
    """Ask the provider for its models. No transaction is open while it answers."""
    with tenant_tx(tenant_id):
        row = selectors.upstream_get(tenant_id=tenant_id, upstream_id=upstream_id)
        found = selectors.connection_of(row)
    return probe(llm_connection(found))


def _refuse_in_demo(tenant_id: UUID, actor: Actor) -> None:
    """What is made up stays so: no request of a demo costs anybody anything."""
    if actor.kind != "system" and tenant_get(tenant_id=tenant_id).is_demo:
        english = (
            "This is a demo workspace: nobody but the practice model answers in it. Make a"
            " workspace of your own for real providers."
        )
        raise UpstreamInvalid(say("demo_has_no_upstreams", english))


def _check_url(url: str) -> None:
    if "<" in url:
        missing = url[url.index("<") : url.index(">") + 1] if ">" in url else url
        english = "Put your own value in the place of {text}."
        raise UpstreamInvalid.of("base_url", say("url_template", english, text=missing))
    try:
        guard.check_url(url)
    except guard.AddressRefused as exc:
        raise UpstreamInvalid.of("base_url", str(exc)) from exc


def _refuse_ourselves(url: str) -> None:
    """A request that comes back to us would go round until something breaks."""
    for own in (settings.METACLAW_GATEWAY_URL, settings.METACLAW_CONSOLE_URL):
        if _place(url) == _place(own):
            message = say("url_ourselves", "This is the address of this installation itself.")
            raise UpstreamInvalid.of("base_url", message)


def _place(url: str) -> tuple[str, int]:
    """Host and port, with all names of this machine's loopback as one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    is_loopback = host in ("localhost", "::1") or host.startswith("127.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return "loopback" if is_loopback else host, port


def _seal(row: Upstream, api_key: str) -> None:
    if not api_key:
        row.sealed_key, row.key_last4 = None, ""
        return
    context = selectors.seal_context(row.tenant_id, row.id, row.base_url)
    data_key = tenant_data_key(tenant_id=row.tenant_id)
    row.sealed_key = crypto.seal(data_key, api_key.encode(), context=context)
    row.key_last4 = api_key[-4:] if len(api_key) >= 12 else ""


def _save(row: Upstream, uses: Collection[str]) -> None:
    others = Upstream.objects.for_tenant(row.tenant_id).exclude(id=row.id)
    practice = others.filter(kind=Upstream.PRACTICE)
    if not row.is_simulated and uses:
        # Simulated answers never mix with real ones: not serving, not judging, not evolving.
        practice.update(**dict.fromkeys(USE_FIELDS.values(), False))
    elif row.is_simulated and uses and _real_ones(others).exists():
        english = "The practice model is not used beside a real provider."
        raise UpstreamInUse(say("practice_beside_real", english))
    for use, field in USE_FIELDS.items():
        setattr(row, field, use in uses)
        if use in uses:
            others.filter(**{field: True}).update(**{field: False})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as exc:
        english = "There is an upstream called {name} already."
        raise UpstreamNameTaken(say("upstream_name_taken", english, name=row.name)) from exc


def _real_ones(rows: QuerySet[Upstream]) -> QuerySet[Upstream]:
    """Those that do something; a connection that only trains is no provider to be mixed with."""
    return rows.exclude(kind=Upstream.PRACTICE).filter(
        Q(serves=True) | Q(judges=True) | Q(evolves=True)
    )


def _changed(row: Upstream, actor: Actor, action: str) -> None:
    audit_record(
        tenant_id=row.tenant_id,
        actor=actor,
        action=action,
        subject=row.name,
        detail=guard.origin_of(row.base_url),
    )
    config_changed(tenant_id=row.tenant_id)
    publish_on_commit(row.tenant_id, Changed("upstreams.upstream", str(row.id), action))
