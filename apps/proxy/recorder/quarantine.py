"""Turns that could not be stored are set aside, so that nothing that was recorded is lost.

A file is in the form of the spool: once the reason is gone, moving it back into the spool's
folder has it read again.
"""

import logging
import os
import struct
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from apps.proxy.spool.frames import BEGIN, Frame, pack, unpack
from apps.proxy.spool.writer import SUFFIX

logger = logging.getLogger(__name__)

FOLDER = "quarantine"
_MAX_BYTES = 256 * 1024 * 1024


class Quarantine:
    """The folder beside the files of one spool. Holds a bounded amount: the oldest goes first."""

    def __init__(self, spool: Path, max_bytes: int = _MAX_BYTES) -> None:
        self._folder = spool / FOLDER
        self._max_bytes = max_bytes

    def keep(self, name: str, frames: Iterable[bytes], reason: Exception | str) -> None:
        """Set frames aside. Never raises: where even that fails, the log says so."""
        path = self._folder / f"{name}{SUFFIX}"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(file, "ab") as kept:
                kept.writelines(frames)
            self._make_room()
        except OSError as exc:
            logger.error("recorder.lost", extra={"file": name, "reason": exc})
            return
        logger.error("recorder.quarantined", extra={"file": name, "reason": reason})

    def take(self, segment: Path) -> None:
        """Set a whole file of the spool aside, of which a part could not be read."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            segment.rename(self._folder / segment.name)
            self._make_room()
        except OSError as exc:
            logger.error("recorder.lost", extra={"file": segment.name, "reason": exc})
            segment.unlink(missing_ok=True)
            return
        logger.error("recorder.quarantined", extra={"file": segment.name, "reason": "damaged"})

    def forget_others(self, tenants: Collection[UUID]) -> int:
        """Delete what is of no workspace among these; answers with how many files that changed.

        In a file with a part of somebody else's, what cannot be read goes as well: it may be
        theirs.
        """
        changed = 0
        for path in self._folder.glob(f"*{SUFFIX}"):
            frames = [frame for frame, _ in unpack(path.read_bytes()) if frame is not None]
            owners = {one.turn_id: _owner(one) for one in frames if one.kind == BEGIN}
            if set(owners.values()) <= {*tenants, None}:
                continue
            kept = [
                pack(one.kind, one.turn_id.bytes, one.content)
                for one in frames
                if owners.get(one.turn_id) in tenants
            ]
            if kept:
                fresh = path.with_suffix(".new")
                fresh.write_bytes(b"".join(kept))
                fresh.replace(path)
            else:
                path.unlink(missing_ok=True)
            changed += 1
        return changed

    def _make_room(self) -> None:
        files = sorted(
            ((entry.stat(), entry.path) for entry in os.scandir(self._folder)),
            key=lambda one: one[0].st_mtime_ns,
        )
        total = sum(stat.st_size for stat, _ in files)
        for stat, path in files[:-1]:
            if total <= self._max_bytes:
                return
            Path(path).unlink(missing_ok=True)
            total -= stat.st_size
            logger.error("recorder.lost", extra={"file": Path(path).name, "reason": "no room"})


def _owner(frame: Frame) -> UUID | None:
    """Whose turn it is; None where that cannot be told."""
    try:
        return UUID(frame.header["tenant"])
    except (ValueError, KeyError, TypeError, struct.error):
        return None
