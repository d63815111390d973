"""Asking for exports, and having them gone."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.exports import selectors
from apps.exports.container.writing import parquet_is_possible
from apps.exports.errors import ExportImpossible
from apps.exports.models import Export
from apps.exports.services.disk import (
    export_remove_files,
    workspace_remove_files,
    workspaces_on_disk,
)
from apps.exports.services.rows import filters_write
from apps.jobs.selectors import is_job_alive
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.selectors import tenants_missing
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories.selectors import TurnFilters

EXPORT_KIND: Final = "exports.export"
_NO_FILTERS: Final = TurnFilters()


def export_ask(
    *,
    tenant_id: UUID,
    actor: Actor,
    kind: str,
    redaction: str,
    encoding: str = Export.Encoding.JSONL,
    filters: TurnFilters = _NO_FILTERS,
) -> Export:
    """Have an export made in the background. Raises ExportImpossible."""
    if encoding == Export.Encoding.PARQUET:
        _check_parquet(kind)
    at = now()
    with tenant_tx(tenant_id):
        export = Export.objects.create(
            id=uuid7(),
            tenant_id=tenant_id,
            kind=kind,
            encoding=encoding,
            redaction=redaction,
            filters=filters_write(filters) if kind == Export.Kind.TURNS else {},
            as_of=at,
            expires_at=at + timedelta(days=settings.METACLAW_EXPORT_DAYS),
            asked_by=actor.label,
        )
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="export.asked",
            subject=str(export.id),
            detail=f"{kind}, {encoding}, redaction: {redaction}, filters: {export.filters}",
        )
        export_go_on(export)
        announce(export, Export.Status.RUNNING)
        return export


def _check_parquet(kind: str) -> None:
    if kind != Export.Kind.TURNS:
        english = "Parquet is for turns; a whole workspace is exported as lines of JSON."
        message = say("parquet_turns", english)
        raise ExportImpossible.of("encoding", message)
    if not parquet_is_possible():
        english = "This installation has no Parquet: see docs/mechanisms/exports.md."
        message = say("parquet_missing", english)
        raise ExportImpossible.of("encoding", message)


def export_go_on(export: Export) -> None:
    """Have what is left of it done by a worker."""
    job_enqueue(
        tenant_id=export.tenant_id,
        kind=EXPORT_KIND,
        payload={"export_id": str(export.id)},
        queue="slow",
        dedupe_key=str(export.id),
    )


def export_fetched(*, tenant_id: UUID, actor: Actor, export: Export) -> None:
    """Note that somebody took the file."""
    audit_record(
        tenant_id=tenant_id,
        actor=actor,
        action="export.downloaded",
        subject=str(export.id),
        detail=f"{export.kind}, sha256 {export.sha256}",
    )


def export_remove(*, tenant_id: UUID, actor: Actor, export_id: UUID) -> Export:
    """Stop it if it runs, and delete its file. What was known of it stays."""
    with tenant_tx(tenant_id):
        export = selectors.export_get(tenant_id=tenant_id, export_id=export_id)
        if _end(
            export,
            Export.Status.REMOVED,
            reason=say("export_removed_by", "Removed by {who}.", who=actor.label),
        ):
            audit_record(
                tenant_id=tenant_id, actor=actor, action="export.removed", subject=str(export.id)
            )
    export_remove_files(tenant_id, export_id)
    return export


def exports_sweep() -> None:
    """Let go of files whose time is over, and give up on exports that nobody works on."""
    for tenant_id, export_id in selectors.exports_over(at=now()):
        with tenant_tx(tenant_id):
            export = selectors.export_get(tenant_id=tenant_id, export_id=export_id)
            _end(export, Export.Status.REMOVED, reason=say("export_over", "Its time was over."))
        export_remove_files(tenant_id, export_id)
    for tenant_id, export_id in selectors.exports_running():
        with tenant_tx(tenant_id):
            if not is_job_alive(tenant_id=tenant_id, kind=EXPORT_KIND, dedupe_key=str(export_id)):
                export = selectors.export_get(tenant_id=tenant_id, export_id=export_id)
                _end(
                    export,
                    Export.Status.FAILED,
                    reason=say("export_failed", "It could not be written."),
                )
                export_remove_files(tenant_id, export_id)
    for tenant_id in tenants_missing(workspaces_on_disk()):
        workspace_remove_files(tenant_id)


def _end(export: Export, status: str, *, reason: str) -> bool:
    """Whether that changed anything. A failed one that is removed is removed."""
    ends = Export.objects.for_tenant(export.tenant_id).filter(id=export.id)
    ends = ends.exclude(status=Export.Status.REMOVED)
    if status == Export.Status.FAILED:
        ends = ends.filter(status=Export.Status.RUNNING)
    changed = ends.update(status=status, reason=reason, finished_at=now())
    if changed:
        export.status, export.reason = status, reason
        announce(export, status)
    return bool(changed)


def announce(export: Export, status: str) -> None:
    publish_on_commit(export.tenant_id, Changed("exports.export", str(export.id), status))
