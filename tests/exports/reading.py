"""A finished export as whoever got it sees it."""

import gzip
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.exports.models import Export
from apps.exports.services import archive_path
from apps.jobs.models import Job
from apps.jobs.runner import job_run


def finished(export: Export) -> Export:
    """Do the jobs of an export until none is left, as a worker does."""
    for _ in range(100):
        with tenant_tx(export.tenant_id):
            jobs = Job.objects.for_tenant(export.tenant_id).filter(dedupe_key=str(export.id))
            # One that was tried waits for a while; nobody here does.
            jobs.filter(status="queued").update(run_after=now() - timedelta(seconds=1))
            waiting = jobs.filter(status="queued").values_list("id", flat=True).first()
        if waiting is None:
            break
        job_run(tenant_id=export.tenant_id, job_id=waiting)
    return stored(export)


def stored(export: Export) -> Export:
    with tenant_tx(export.tenant_id):
        return Export.objects.for_tenant(export.tenant_id).get(id=export.id)


def path_of(export: Export) -> Path:
    return archive_path(export.tenant_id, export.id)


def manifest_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


def lines_of(path: Path, table: str = "trajectories.turn") -> list[dict[str, Any]]:
    """All rows of a table, in order."""
    rows = []
    with zipfile.ZipFile(path) as archive:
        for entry in json.loads(archive.read("manifest.json"))["files"]:
            if entry["table"] == table:
                with gzip.open(io.BytesIO(archive.read(entry["name"]))) as lines:
                    rows += [json.loads(line) for line in lines]
    return rows
