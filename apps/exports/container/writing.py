"""Writing the files of an export so that the same rows are the same bytes, whoever writes them."""

import gzip
import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Literal

from apps.exports.container.manifest import MANIFEST, SIGNATURE
from apps.exports.container.signing import canonical

_LEVEL: Final = 6
_BLOCK: Final = 1024 * 1024
# The earliest time that a zip can hold: archives do not differ by when they were made.
_ALWAYS: Final = (1980, 1, 1, 0, 0, 0)
_PRIVATE: Final = 0o600

# What a column of a table holds; ``json`` is whatever has no one type.
Column = Literal["text", "int", "float", "bool", "json"]


class ParquetMissing(Exception):
    """The packages of requirements/export.txt are not installed here."""


def lines_write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as compressed lines of JSON."""
    with (
        _whole(path) as file,
        gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed,
    ):
        for row in rows:
            packed.write(canonical(row) + b"\n")


def parquet_is_possible() -> bool:
    """Whether files of this kind can be written here."""
    try:
        _pyarrow()
    except ParquetMissing:
        return False
    return True


def parquet_write(
    path: Path, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, Column]
) -> None:
    """Rows as columns, compressed with zstd. Raises ParquetMissing."""
    pyarrow, parquet = _pyarrow()
    found = list(rows)
    types = {
        "text": pyarrow.string(),
        "json": pyarrow.string(),
        "int": pyarrow.int64(),
        "float": pyarrow.float64(),
        "bool": pyarrow.bool_(),
    }
    table = pyarrow.table(
        {
            name: pyarrow.array([_cell(row[name], kind) for row in found], types[kind])
            for name, kind in columns.items()
        }
    )
    with _whole(path) as file:
        parquet.write_table(table, file, compression="zstd", compression_level=3)


def archive_write(
    path: Path, files: Iterable[tuple[str, Path]], manifest: bytes, signature: bytes
) -> None:
    """One .zip of files that are compressed already; manifest and signature come first."""
    with _whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((MANIFEST, manifest), (SIGNATURE, signature)):
            archive.writestr(_member(name), content)
        for name, source in files:
            member = _member(name)
            member.file_size = source.stat().st_size
            with source.open("rb") as part, archive.open(member, "w") as packed:
                while block := part.read(_BLOCK):
                    packed.write(block)


def digest_of(path: Path) -> tuple[str, int]:
    """The SHA-256 of a file and its size."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there whole or not at all, for its owner alone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _ALWAYS)
    member.external_attr = _PRIVATE << 16
    # The same on every system.
    member.create_system = 3
    return member


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as exc:
        raise ParquetMissing("Parquet needs the packages of requirements/export.txt.") from exc
    return pyarrow, parquet


def _cell(value: Any, kind: Column) -> Any:
    return canonical(value).decode() if kind == "json" and value is not None else value
