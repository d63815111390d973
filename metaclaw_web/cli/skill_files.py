"""SKILL.md files on this machine: what is sent, and how it is written."""

import io
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from metaclaw_web.cli.errors import CliError

# The server's own limits say no as well; these spare the way there.
MAX_FILE_BYTES = 64 * 1024
_MAX_FILES = 1_000
_MANIFEST = "pack.json"


def upload_of(path: Path) -> tuple[str, bytes]:
    """Name and bytes of what is to be imported: a folder is packed. Raises CliError."""
    if path.is_dir():
        return f"{path.resolve().name}.zip", _zipped(path)
    if path.suffix not in (".md", ".zip"):
        raise CliError(f"{path} is neither a folder nor a .md or .zip file.")
    try:
        return path.name, path.read_bytes()
    except OSError as exc:
        raise CliError(f"{path} cannot be read: {exc.strerror}.") from exc


def read_plain(path: Path) -> bytes:
    """The bytes of a regular file, links refused, at most a skill's size. Raises CliError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as handle:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise CliError(f"{path} is not a file.")
            blob = handle.read(MAX_FILE_BYTES + 1)
    except OSError as exc:
        why = "it is a link" if path.is_symlink() else exc.strerror
        raise CliError(f"{path} cannot be read: {why}.") from exc
    if len(blob) > MAX_FILE_BYTES:
        raise CliError(f"{path} is larger than {MAX_FILE_BYTES // 1024} KB.")
    return blob


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever reads half of it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def unpacked(archive: bytes) -> dict[str, bytes]:
    """The files of a zip that the server made, by name; names that lead elsewhere are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            names = [info.filename for info in packed.infolist() if not info.is_dir()]
            for name in names:
                if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                    raise CliError(f"The export has the entry {name!r}, which leads elsewhere.")
            return {name: packed.read(name) for name in names}
    except zipfile.BadZipFile as exc:
        raise CliError("What the console exported is not a zip archive.") from exc


def _zipped(folder: Path) -> bytes:
    files = list(_files_of(folder))
    if not any(file.suffix == ".md" for file in files):
        raise CliError(f"{folder} holds no .md file.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.relative_to(folder).as_posix(), read_plain(file))
    return buffer.getvalue()


def _files_of(folder: Path) -> Iterator[Path]:
    """Markdown and pack manifests below, in order; hidden folders (.git) are passed by."""
    found = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        for name in (*folders, *sorted(files)):
            path = Path(place, name)
            if name in folders:
                if path.is_symlink():
                    raise CliError(f"{path} is a link.", "Import the folder it leads to by itself.")
            elif not name.startswith(".") and (path.suffix == ".md" or name == _MANIFEST):
                found += 1
                if found > _MAX_FILES:
                    raise CliError(f"{folder} holds more than {_MAX_FILES} files of skills.")
                yield path
