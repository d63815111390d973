"""Make a new installation usable: owner, workspace, keys, provider, built-in skills."""

import json
import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from apps.core.tenancy import tenant_tx
from apps.skills import bank
from apps.skills.services import bank_install
from apps.tenants import selectors as tenants
from apps.tenants import services
from apps.tenants.types import SYSTEM
from apps.upstreams import services as upstreams
from apps.upstreams.selectors import connection_of, upstream_list
from apps.upstreams.types import USE_FIELDS, USES

SLUG = "main"
EMAIL = "owner@metaclaw.local"
_FROM_ENVIRONMENT = "environment"
_PRACTICE = "practice"


class Command(BaseCommand):
    help = (
        "Create the owner, the first workspace and its keys, once; prints them as JSON. On every"
        " start, bring the provider in line with the METACLAW_UPSTREAM_* variables."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        existing = tenants.tenant_find(slug=SLUG)
        if existing is None:
            with transaction.atomic():
                created = _create()
        else:
            created = {"created": False, "tenant": SLUG}
            with tenant_tx(existing.id):
                _provide(existing.id)
        self.stdout.write(json.dumps(created))


def _create() -> dict[str, Any]:
    password = secrets.token_urlsafe(12)
    owner = services.user_create(email=EMAIL, password=password, name="Owner")
    tenant = services.tenant_create(slug=SLUG, name="Main workspace")
    with tenant_tx(tenant.id):
        services.member_add(tenant_id=tenant.id, user_id=owner.id, role="owner")
        _, api_key = services.key_create(
            tenant_id=tenant.id, actor=SYSTEM, name="First gateway key", scopes=["gateway"]
        )
        _, admin_key = services.key_create(
            tenant_id=tenant.id,
            actor=SYSTEM,
            name="First admin key",
            scopes=["read", "review", "admin"],
        )
        bank_install(tenant_id=tenant.id, docs=bank.load_bank())
        _provide(tenant.id)
    return {
        "created": True,
        "email": EMAIL,
        "password": password,
        "tenant": SLUG,
        "api_key": api_key,
        "admin_key": admin_key,
    }


def _provide(tenant_id: UUID) -> None:
    """The provider the environment asks for; without one, the practice model.

    A provider that somebody chose in the console stays the serving one as long as the
    environment names none.
    """
    rows = {row.name: row for row in upstream_list(tenant_id=tenant_id)}
    if settings.METACLAW_UPSTREAM_URL:
        wanted = {
            "kind": settings.METACLAW_UPSTREAM_KIND,
            "base_url": settings.METACLAW_UPSTREAM_URL,
            "api_key": settings.METACLAW_UPSTREAM_KEY,
            "model": settings.METACLAW_UPSTREAM_MODEL,
            "uses": ["serve", "judge", "evolve"],
        }
        _put(tenant_id, rows.get(_FROM_ENVIRONMENT), _FROM_ENVIRONMENT, wanted)
        if _PRACTICE in rows:
            upstreams.upstream_delete(
                tenant_id=tenant_id, actor=SYSTEM, upstream_id=rows[_PRACTICE].id
            )
    elif settings.METACLAW_PRACTICE_URL and (not rows or _PRACTICE in rows):
        wanted = {
            "kind": "practice",
            "base_url": settings.METACLAW_PRACTICE_URL,
            "model": "practice-1",
        }
        _put(tenant_id, rows.get(_PRACTICE), _PRACTICE, wanted)


def _put(tenant_id: UUID, row: Any, name: str, wanted: dict[str, Any]) -> None:
    if row is None:
        upstreams.upstream_create(tenant_id=tenant_id, actor=SYSTEM, name=name, **wanted)
    elif _differs(row, wanted):
        upstreams.upstream_update(tenant_id=tenant_id, actor=SYSTEM, upstream_id=row.id, **wanted)


def _differs(row: Any, wanted: dict[str, Any]) -> bool:
    found = connection_of(row)
    as_it_is = {
        "kind": found.kind,
        "base_url": found.base_url,
        "api_key": found.api_key,
        "model": found.model,
        "uses": [use for use in USES if getattr(row, USE_FIELDS[use])],
    }
    return any(as_it_is[name] != value for name, value in wanted.items())
