"""An export made by hand, for what checks one."""

from pathlib import Path
from typing import Any

from apps.exports.container.manifest import FORMAT, MANIFEST, SIGNATURE, FileEntry
from apps.exports.container.signing import canonical, new_private_key, sign
from apps.exports.container.writing import archive_write, digest_of, lines_write

PRIVATE = new_private_key()


def make_folder(folder: Path, parts: dict[str, int], **fields: Any) -> Path:
    """A signed export of files with so many rows each."""
    folder.mkdir()
    entries = []
    for name, rows in parts.items():
        path = folder / f"{name}.jsonl.gz"
        lines_write(path, ({"id": number, "text": "x" * number} for number in range(rows)))
        sha256, size = digest_of(path)
        entries.append(FileEntry(path.name, "turns", rows, size, sha256).as_dict())
    manifest = {"format": FORMAT, "files": entries, "counts": {"turns": sum(parts.values())}}
    return signed(folder, manifest | fields)


def signed(folder: Path, manifest: dict[str, Any]) -> Path:
    raw = canonical(manifest)
    (folder / MANIFEST).write_bytes(raw)
    (folder / SIGNATURE).write_bytes(sign(PRIVATE, raw).packed())
    return folder


def zipped(folder: Path) -> Path:
    """The same export as one file."""
    path = folder.with_suffix(".zip")
    parts = [(one.name, one) for one in sorted(folder.glob("*.jsonl.gz"))]
    manifest, signature = (folder / name for name in (MANIFEST, SIGNATURE))
    archive_write(path, parts, manifest.read_bytes(), signature.read_bytes())
    return path


def flip(path: Path, at: int) -> None:
    """Change one bit of one byte."""
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
