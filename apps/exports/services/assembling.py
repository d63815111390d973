"""The end of an export: its manifest, the signature, and one file of all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.exports.container.manifest import FORMAT, FileEntry
from apps.exports.container.signing import canonical
from apps.exports.container.writing import archive_write, digest_of
from apps.exports.models import Export, ExportFile
from apps.exports.services.disk import archive_path, parts_folder
from apps.exports.services.keys import signer_get
from apps.exports.services.rows import plain, tables_of
from apps.exports.tables import LEFT_OUT


@dataclass(frozen=True, slots=True)
class Assembled:
    """The finished file."""

    manifest: dict[str, Any]
    sha256: str
    bytes: int


def archive_assemble(
    export: Export, files: Sequence[ExportFile], workspace: Mapping[str, Any]
) -> Assembled:
    """Put the files of an export into one, with a signed manifest. The same again if repeated."""
    signer = signer_get()
    manifest = _manifest(export, files, workspace) | {"key_id": signer.key_id}
    raw = canonical(manifest)
    folder = parts_folder(export.tenant_id, export.id)
    path = archive_path(export.tenant_id, export.id)
    parts = [(file.name, folder / file.stored_as) for file in files]
    archive_write(path, parts, raw, signer.sign(raw).packed())
    sha256, size = digest_of(path)
    return Assembled(manifest, sha256, size)


def _manifest(
    export: Export, files: Sequence[ExportFile], workspace: Mapping[str, Any]
) -> dict[str, Any]:
    counts = Counter({table.label: 0 for table in tables_of(export)})
    redacted: Counter[str] = Counter()
    for file in files:
        counts[file.table] += file.rows
        redacted.update(file.redacted)
    times = [at for file in files for at in (file.first_at, file.last_at) if at is not None]
    is_whole = export.kind == Export.Kind.WORKSPACE
    return {
        "format": FORMAT,
        "product": {"name": "MetaClaw Web", "version": settings.METACLAW_VERSION},
        "export_id": str(export.id),
        "kind": export.kind,
        "workspace": dict(workspace) if is_whole else {"slug": workspace["slug"]},
        "created_at": plain(export.as_of),
        "encoding": export.encoding,
        "filters": export.filters,
        "turns": {
            "first_at": plain(min(times, default=None)),
            "last_at": plain(max(times, default=None)),
            # Of these only what is in columns is here: their requests cannot be built any more.
            "with_damaged_request": sum(file.damaged for file in files),
        },
        "redaction": {"level": export.redaction, "found": dict(redacted)},
        "counts": dict(counts),
        "files": [
            FileEntry(file.name, file.table, file.rows, file.bytes, file.sha256).as_dict()
            for file in files
        ],
        "left_out": dict(LEFT_OUT) if is_whole else {},
    }
