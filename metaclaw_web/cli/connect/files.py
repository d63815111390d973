"""A client's file: read, written whole or not at all, backed up beside itself, put back."""

import hashlib
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from metaclaw_web.cli.errors import CliError

_BACKUP = re.compile(r"\.metaclaw-(\d{8}T\d{6}\.\d{6}Z)-([0-9a-f]{8})\.(bak|none)$")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file was before one change; ``existed`` says whether it was there at all."""

    path: Path
    stamp: str
    written: str
    existed: bool


def read(path: Path) -> str | None:
    """The text of a file, None where there is none."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CliError(f"{path} is not a file.", "Name the right one with --config.")
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as exc:
        raise CliError(f"{path} is not UTF-8 text. Nothing was changed.") from exc
    except OSError as exc:
        raise CliError(f"{path} cannot be read: {exc.strerror}.") from exc


def write(path: Path, text: str) -> None:
    """Replace a file in one step. It keeps its mode and owner; a new one is its owner's alone."""
    # What the name leads to is written: a link to a folder of dotfiles stays a link.
    path = path.resolve()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, text)
    except OSError as exc:
        raise CliError(f"{path} cannot be written: {exc.strerror}. Nothing was changed.") from exc


def _write(path: Path, text: str) -> None:
    before = path.stat() if path.exists() else None
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if before is not None:
            with suppress(PermissionError):
                os.chown(temporary, before.st_uid, before.st_gid)
            temporary.chmod(stat.S_IMODE(before.st_mode))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def back_up(path: Path, before: str | None, after: str) -> Path:
    """Keep what a file is before it becomes ``after``."""
    path = path.resolve()
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    ending = "none" if before is None else "bak"
    backup = path.with_name(f"{path.name}.metaclaw-{stamp}-{_digest(after)}.{ending}")
    write(backup, before or "")
    if before is not None:
        backup.chmod(stat.S_IMODE(path.stat().st_mode))
    return backup


def newest_backup(path: Path) -> Backup | None:
    path = path.resolve()
    found = []
    for other in path.parent.glob(f"{_escaped(path.name)}.metaclaw-*"):
        match = _BACKUP.fullmatch(other.name.removeprefix(path.name))
        if match:
            found.append(Backup(other, match[1], match[2], existed=match[3] == "bak"))
    return max(found, key=lambda one: one.stamp, default=None)


def is_as_written(backup: Backup, now: str | None) -> bool:
    """Whether the file still is what the change that made the backup wrote."""
    return now is not None and _digest(now) == backup.written


def put_back(path: Path, backup: Backup, text: str) -> None:
    """Make the file what it was; the backup is used up."""
    path = path.resolve()
    if backup.existed:
        write(path, text)
    else:
        path.unlink(missing_ok=True)
    backup.path.unlink(missing_ok=True)


def readable_by_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _escaped(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)
