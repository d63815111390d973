"""A way back in when the sign-in and the keys of the first workspace are lost."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.core.errors import NotFound
from apps.core.files import write_private
from apps.tenants import selectors, services


class Command(BaseCommand):
    help = (
        "Give the workspace's first owner a new password and make two new keys; prints them as"
        " JSON. Keys that exist go on working."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", default="main", help="the workspace's address")
        parser.add_argument("--keep", type=Path, help="also write them to this file, mode 0600")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = selectors.tenant_find(slug=options["tenant"])
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['tenant']}.")
        try:
            access = _reset(tenant.id, tenant.slug, options["keep"])
        except NotFound as exc:
            raise CommandError(exc.detail) from exc
        self.stdout.write(json.dumps(access))


@transaction.atomic
def _reset(tenant_id: UUID, slug: str, keep: Path | None) -> dict[str, str]:
    access = services.owner_access_reset(tenant_id=tenant_id, slug=slug).as_dict()
    if keep:
        # Before the commit: what is in effect is never unknown.
        write_private(keep, json.dumps(access, indent=2) + "\n")
    return access
