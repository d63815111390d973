"""What stands in an export: one entry for each file, and the names of the files themselves."""

from dataclasses import asdict, dataclass
from typing import Any, Final

FORMAT: Final = "metaclaw-export/1"
CERTIFICATE_FORMAT: Final = "metaclaw-deletion/1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
LINES: Final = ".jsonl.gz"
PARQUET: Final = ".parquet"


class BadManifest(Exception):
    """A manifest that does not say what one has to say."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of an export, as the manifest has it."""

    name: str
    table: str
    rows: int
    bytes: int
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def entries_of(manifest: Any) -> list[FileEntry]:
    """The files that a manifest names. Raises BadManifest."""
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadManifest(f"It is not a manifest of the form {FORMAT}.")
    try:
        entries = [
            FileEntry(
                str(one["name"]),
                str(one["table"]),
                int(one["rows"]),
                int(one["bytes"]),
                str(one["sha256"]),
            )
            for one in manifest["files"]
        ]
        counts = {str(table): int(rows) for table, rows in manifest["counts"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise BadManifest("Something is missing in it.") from exc
    _check_names(entries)
    rows = dict.fromkeys(counts, 0)
    for entry in entries:
        rows[entry.table] = rows.get(entry.table, 0) + entry.rows
    if rows != counts:
        raise BadManifest("Its sums are not those of its files.")
    return entries


def _check_names(entries: list[FileEntry]) -> None:
    names = [entry.name for entry in entries]
    if len(set(names)) < len(names):
        raise BadManifest("It names a file twice.")
    for name in names:
        if "/" in name or "\\" in name or name.startswith(".") or name in (MANIFEST, SIGNATURE):
            raise BadManifest(f"{name} is no name of a file of an export.")
