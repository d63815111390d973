"""Checking an export: what was signed, and whether the files are what was signed."""

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Literal, Protocol

from apps.exports.container.manifest import (
    CERTIFICATE_FORMAT,
    LINES,
    MANIFEST,
    SIGNATURE,
    BadManifest,
    FileEntry,
    entries_of,
)
from apps.exports.container.signing import BadSignature, Signature, check

_BLOCK: Final = 1024 * 1024

Fault = Literal["signature", "manifest", "missing", "unknown", "changed", "rows", "unreadable"]


class Unreadable(Exception):
    """There is no export at this place."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one file."""

    fault: Fault
    file: str
    detail: str


@dataclass(slots=True)
class Report:
    """What checking an export found."""

    manifest: dict[str, Any] = field(default_factory=dict)
    key_id: str = ""
    files: int = 0
    rows: int = 0
    # Files whose rows could not be counted here; their check sums were compared all the same.
    uncounted: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.problems

    @property
    def is_signed(self) -> bool:
        return all(problem.fault != "signature" for problem in self.problems)

    def note(self, fault: Fault, file: str, detail: str) -> None:
        self.problems.append(Problem(fault, file, detail))


class _Files(Protocol):
    """The files of an export, wherever they are."""

    def names(self) -> set[str]: ...

    def open(self, name: str) -> IO[bytes]: ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> set[str]:
        return {entry.name for entry in self._path.iterdir()}

    def open(self, name: str) -> IO[bytes]:
        return (self._path / name).open("rb")


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def names(self) -> set[str]:
        return set(self._archive.namelist())

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


# What reading a damaged file ends in.
_DAMAGE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError)


def certificate_verify(path: Path, trusted: Iterable[bytes] | None = None) -> dict[str, Any]:
    """What a deletion certificate says, as it was downloaded. Raises Unreadable or BadSignature."""
    try:
        read = json.loads(path.read_bytes())
        document, signature = read["document"].encode(), read["signature"].encode()
        found: dict[str, Any] = json.loads(document)
        is_ours = found["format"] == CERTIFICATE_FORMAT
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise Unreadable(f"{path} is no deletion certificate.") from exc
    if not is_ours:
        raise Unreadable(f"{path} is no deletion certificate of the form {CERTIFICATE_FORMAT}.")
    check(Signature.unpacked(signature), document, trusted)
    return found


def verify(path: Path, trusted: Iterable[bytes] | None = None) -> Report:
    """Check a folder or a .zip against its manifest, and that against its signature.

    ``trusted``: the public keys that it may be signed with; without them the key that comes with
    it is taken, which shows that nothing was changed by accident, not who made it.
    Raises Unreadable where there is no export at all.
    """
    with _opened(path) as files:
        report, names = Report(), files.names()
        raw = _read(files, MANIFEST, names, report)
        signature = _read(files, SIGNATURE, names, report)
        if raw is None:
            return report
        if signature is not None:
            _check_signature(report, signature, raw, trusted)
        try:
            report.manifest = json.loads(raw)
            entries = entries_of(report.manifest)
        except (ValueError, BadManifest) as exc:
            report.note("manifest", MANIFEST, str(exc))
            return report
        for entry in entries:
            _check_file(files, entry, names, report)
        for name in sorted(names - {entry.name for entry in entries} - {MANIFEST, SIGNATURE}):
            report.note("unknown", name, "The manifest does not name it.")
        return report


@contextmanager
def _opened(path: Path) -> Iterator[_Files]:
    if path.is_dir():
        yield _Folder(path)
        return
    if not path.is_file():
        raise Unreadable(f"There is nothing at {path}.")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as exc:
        raise Unreadable(f"{path} is neither a folder nor a .zip file.") from exc
    with archive:
        yield _Zip(archive)


def _read(files: _Files, name: str, names: set[str], report: Report) -> bytes | None:
    fault: Fault = "signature" if name == SIGNATURE else "manifest"
    if name not in names:
        report.note(fault, name, "It is missing.")
        return None
    try:
        with files.open(name) as file:
            return file.read()
    except _DAMAGE as exc:
        report.note(fault, name, f"It cannot be read: {exc}")
        return None


def _check_signature(
    report: Report, raw: bytes, manifest: bytes, trusted: Iterable[bytes] | None
) -> None:
    try:
        signature = Signature.unpacked(raw)
        report.key_id = signature.key_id
        check(signature, manifest, trusted)
    except BadSignature as exc:
        report.note("signature", SIGNATURE, f"The manifest's signature: {exc}")


def _check_file(files: _Files, entry: FileEntry, names: set[str], report: Report) -> None:
    if entry.name not in names:
        report.note("missing", entry.name, "It is missing.")
        return
    report.files += 1
    digest, size = hashlib.sha256(), 0
    try:
        with files.open(entry.name) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except _DAMAGE as exc:
        report.note("unreadable", entry.name, f"It cannot be read: {exc}")
        return
    if (digest.hexdigest(), size) != (entry.sha256, entry.bytes):
        detail = f"Its check sum differs; it has {size} bytes, the manifest says {entry.bytes}."
        report.note("changed", entry.name, detail)
    _check_rows(files, entry, report)


def _check_rows(files: _Files, entry: FileEntry, report: Report) -> None:
    try:
        with files.open(entry.name) as file:
            rows = _lines_in(file) if entry.name.endswith(LINES) else _rows_in(file)
    except _DAMAGE:
        # Named already: its check sum differs.
        return
    if rows is None:
        report.uncounted.append(entry.name)
        return
    report.rows += rows
    if rows != entry.rows:
        report.note("rows", entry.name, f"It has {rows} rows, the manifest says {entry.rows}.")


def _lines_in(file: IO[bytes]) -> int:
    with gzip.open(file) as lines:
        return sum(1 for _ in lines)


def _rows_in(file: IO[bytes]) -> int | None:
    """Of a Parquet file; None where there is nothing that reads these."""
    try:
        from pyarrow import ArrowInvalid, parquet
    except ImportError:
        return None
    try:
        return int(parquet.read_metadata(io.BytesIO(file.read())).num_rows)
    except ArrowInvalid as exc:
        raise OSError(str(exc)) from exc
