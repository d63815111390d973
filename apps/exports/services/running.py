"""An export from its first row to its signature.

A file is written whole, then noted; a worker that dies loses the file in hand, and whoever takes
over writes that one again. What is written follows from the rows alone, so the end is the same.
"""

import secrets
import time
from uuid import UUID

from django.db.models import F

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.exports import selectors
from apps.exports.container.manifest import LINES, PARQUET
from apps.exports.container.writing import digest_of, lines_write, parquet_write
from apps.exports.models import Export, ExportFile
from apps.exports.services.asking import EXPORT_KIND, announce, export_go_on
from apps.exports.services.assembling import archive_assemble
from apps.exports.services.disk import export_remove_files, parts_folder, parts_remove
from apps.exports.services.rows import Part, part_read, tables_of
from apps.jobs.handlers import JobRun
from apps.trajectories.selectors import TURN_COLUMNS

__all__ = ["EXPORT_KIND", "export_run"]

# A worker goes on for so long; then a job of its own does what is left.
_AT_A_STRETCH_SECONDS = 60.0


def export_run(*, run: JobRun, export_id: UUID) -> None:
    """Do what is left of an export. Safe to run again, at any time."""
    started = time.monotonic()
    while True:
        export = _current(run, export_id)
        if export is None:
            return
        if export.at_table >= len(tables_of(export)):
            _finish(run, export)
            return
        _write_next(run, export)
        if time.monotonic() - started > _AT_A_STRETCH_SECONDS:
            with run.effect():
                export_go_on(export)
            return


def _current(run: JobRun, export_id: UUID) -> Export | None:
    with tenant_tx(run.tenant_id):
        export = selectors.export_find(tenant_id=run.tenant_id, export_id=export_id)
    if export is None or export.status != Export.Status.RUNNING:
        return None
    return export


def _write_next(run: JobRun, export: Export) -> None:
    with tenant_tx(run.tenant_id):
        part = part_read(export)
        files = ExportFile.objects.for_tenant(run.tenant_id)
        number = files.filter(export_id=export.id).count() + 1
    written = _write(export, part, number) if part.rows else None
    with run.effect():
        if not _is_running(export):
            return
        if written is not None:
            written.save(force_insert=True)
        Export.objects.for_tenant(run.tenant_id).filter(id=export.id).update(
            rows=F("rows") + len(part.rows),
            at_table=export.at_table + part.is_last,
            after_id=None if part.is_last else part.last_id,
        )
        announce(export, Export.Status.RUNNING)


def _write(export: Export, part: Part, number: int) -> ExportFile:
    table = tables_of(export)[export.at_table].label
    is_parquet = export.encoding == Export.Encoding.PARQUET
    stored_as = f"{number:05d}-{secrets.token_hex(8)}"
    path = parts_folder(export.tenant_id, export.id) / stored_as
    if is_parquet:
        parquet_write(path, part.rows, TURN_COLUMNS)
    else:
        lines_write(path, part.rows)
    sha256, size = digest_of(path)
    return ExportFile(
        tenant_id=export.tenant_id,
        export_id=export.id,
        name=f"{number:05d}-{table}{PARQUET if is_parquet else LINES}",
        stored_as=stored_as,
        table=table,
        rows=len(part.rows),
        bytes=size,
        sha256=sha256,
        redacted=part.redacted,
        first_at=part.first_at,
        last_at=part.last_at,
        damaged=part.damaged,
    )


def _finish(run: JobRun, export: Export) -> None:
    with tenant_tx(run.tenant_id):
        files = list(ExportFile.objects.for_tenant(run.tenant_id).filter(export_id=export.id))
        settings = selectors.workspace_facts(tenant_id=run.tenant_id)
    done = archive_assemble(export, sorted(files, key=lambda one: one.name), settings)
    with run.effect():
        if not _is_running(export):
            return
        Export.objects.for_tenant(run.tenant_id).filter(id=export.id).update(
            status=Export.Status.READY,
            sha256=done.sha256,
            bytes=done.bytes,
            manifest=done.manifest,
            finished_at=now(),
        )
        announce(export, Export.Status.READY)
    parts_remove(run.tenant_id, export.id)


def _is_running(export: Export) -> bool:
    """Whether it still is, until the transaction ends. Files of one that is not are taken away."""
    rows = Export.objects.for_tenant(export.tenant_id).filter(id=export.id)
    status = rows.select_for_update().values_list("status", flat=True).first()
    if status in (Export.Status.RUNNING, Export.Status.READY):
        return status == Export.Status.RUNNING
    export_remove_files(export.tenant_id, export.id)
    return False
