"""Make a new installation usable: owner, workspace, keys, provider, built-in skills."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from apps.core.files import write_private
from apps.core.tenancy import tenant_tx
from apps.evolution.services import learning_policy_set
from apps.skills import bank
from apps.skills.services import pack_install
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

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--keep", type=Path, help="also write a new sign-in to this file, mode 0600"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        existing = tenants.tenant_find(slug=SLUG)
        said: dict[str, Any] = {"created": existing is None, "tenant": SLUG}
        if existing is None:
            with transaction.atomic():
                made = _create().as_dict()
                said |= made
                if options["keep"]:
                    # Before the commit: killed at any moment, there is no workspace, or one
                    # whose keys somebody has.
                    write_private(options["keep"], json.dumps(made, indent=2) + "\n")
        else:
            with tenant_tx(existing.id):
                _provide(existing.id)
        self.stdout.write(json.dumps(said))


def _create() -> services.OwnerAccess:
    tenant = services.tenant_create(slug=SLUG, name="Main workspace")
    with tenant_tx(tenant.id):
        access = services.owner_create(tenant_id=tenant.id, slug=SLUG, email=EMAIL)
        pack_install(tenant_id=tenant.id, actor=SYSTEM, pack=bank.bank_pack(), source="bank")
        # Whoever tries it out alone has one session to show a failure in.
        learning_policy_set(tenant_id=tenant.id, actor=SYSTEM, min_sessions=1)
        _provide(tenant.id)
    return access


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
