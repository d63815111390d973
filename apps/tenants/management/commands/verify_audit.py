"""Check that nobody rewrote the audit log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.tenants import selectors
from apps.tenants.audit_chain import Break, Head
from apps.tenants.models import Tenant


class Command(BaseCommand):
    help = (
        "Read the audit log of a workspace, or of all, and name every event that was changed,"
        " removed or added behind the log's back. Ends with 1 if there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", nargs="?", help="the workspace's address; all without one")
        parser.add_argument(
            "--known",
            type=_known,
            help="an end of this workspace's log that was printed before, as NUMBER:DIGEST",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug, known = options["tenant"], options["known"]
        if known and not slug:
            raise CommandError("--known is the end of one workspace's log: name the workspace.")
        is_intact = True
        for tenant in _tenants(slug):
            report = selectors.audit_verify(tenant_id=tenant.id, known=known)
            is_intact = is_intact and report.is_intact
            end = f"{report.head.sequence}:{report.head.digest}"
            verdict = "intact" if report.is_intact else f"{report.broken} BROKEN"
            self.stdout.write(f"{tenant.slug}: {report.checked} events, {verdict}, end {end}")
            for one in report.breaks:
                self.stdout.write(f"  {_sentence(one)}")
        if not is_intact:
            raise CommandError("The audit log is not what was written.")


def _tenants(slug: str | None) -> list[Tenant]:
    if not slug:
        return [selectors.tenant_get(tenant_id=one) for one in selectors.tenant_ids()]
    tenant = selectors.tenant_find(slug=slug)
    if tenant is None:
        raise CommandError(f"There is no workspace called {slug}.")
    return [tenant]


def _known(text: str) -> Head:
    number, _, digest = text.partition(":")
    return Head(int(number), digest)


def _sentence(one: Break) -> str:
    if one.fault == "missing":
        run = f"{one.sequence} to {one.last}" if one.last > one.sequence else f"{one.sequence}"
        return f"missing: {run}"
    return f"{one.fault}: {one.sequence}, {one.id}: {one.about}"
