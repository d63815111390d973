"""Following the spool: new frames of every segment, and whether its writer still lives."""

import fcntl
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from apps.proxy.spool.frames import Frame, unpack
from apps.proxy.spool.writer import SUFFIX

logger = logging.getLogger(__name__)

_READ_BYTES = 8 * 1024 * 1024


@dataclass(slots=True)
class Segment:
    """One file of one gateway process, read up to ``offset``."""

    path: Path
    offset: int = 0
    is_sealed: bool = False
    is_read: bool = False
    damaged: int = 0
    # A frame was there and is not what was written: unlike an end that was never written.
    has_wrong_frames: bool = False
    # Turns with frames in here that are not in Postgres yet.
    waiting: set[UUID] = field(default_factory=set)

    @property
    def boot(self) -> str:
        """Which process wrote it: the name without the running number."""
        return self.path.name.rpartition("-")[0]

    def read(self) -> list[Frame]:
        """The frames that came since the last call."""
        # Asked before reading: what a dead writer wrote is all there by then.
        self.is_sealed = self.is_sealed or _is_unlocked(self.path)
        with self.path.open("rb") as file:
            file.seek(self.offset)
            buffer = file.read(_READ_BYTES)
        frames, consumed = [], 0
        for frame, end in unpack(buffer):
            consumed = end
            if frame is None:
                self.damaged += 1
                self.has_wrong_frames = True
                logger.error("spool.damaged", extra={"segment": self.path.name})
            else:
                frames.append(frame)
                self.waiting.add(frame.turn_id)
        at_end = self.offset + len(buffer) == self.path.stat().st_size
        if not consumed and buffer and not (self.is_sealed and at_end):
            consumed, frames = self._read_large(buffer, frames)
        self.offset += consumed
        self.is_read = self.is_sealed and at_end
        if self.is_read and consumed < len(buffer):
            self.damaged += 1
            logger.warning("spool.torn_end", extra={"segment": self.path.name})
        return frames

    def _read_large(self, buffer: bytes, frames: list[Frame]) -> tuple[int, list[Frame]]:
        """A frame larger than one read: read on until it is whole, if it is by now."""
        if len(buffer) < _READ_BYTES:
            return 0, frames
        with self.path.open("rb") as file:
            file.seek(self.offset)
            buffer = file.read()
        frame, end = next(unpack(buffer), (None, 0))
        if frame is not None:
            frames.append(frame)
            self.waiting.add(frame.turn_id)
        return end, frames


class SpoolReader:
    """All segments of a folder."""

    def __init__(self, folder: Path, set_aside: Callable[[Path], None] | None = None) -> None:
        """``set_aside`` gets the files of which a part could not be read, when all else is stored;
        without it they are deleted like any other."""
        self._folder = folder
        self._set_aside = set_aside
        self.segments: dict[str, Segment] = {}

    def poll(self) -> list[Frame]:
        """New frames of all segments, oldest segment first."""
        self._discover()
        frames: list[Frame] = []
        unfinished: set[str] = set()
        for name in sorted(self.segments):
            segment = self.segments[name]
            # A turn goes on in the next file: never read ahead of the one before it.
            if not segment.is_read and segment.boot not in unfinished:
                frames += segment.read()
            if not segment.is_read:
                unfinished.add(segment.boot)
        return frames

    def stored(self, turn_ids: set[UUID]) -> None:
        """These turns are in Postgres: files that hold nothing else are not needed any more."""
        for name, segment in list(self.segments.items()):
            segment.waiting -= turn_ids
            if segment.is_read and not segment.waiting:
                if segment.has_wrong_frames and self._set_aside is not None:
                    self._set_aside(segment.path)
                else:
                    segment.path.unlink(missing_ok=True)
                del self.segments[name]

    def dead_boots(self) -> set[str]:
        """Processes that write no more and whose every frame was read."""
        alive = {s.boot for s in self.segments.values() if not s.is_read}
        return {segment.boot for segment in self.segments.values()} - alive

    def _discover(self) -> None:
        if not self._folder.is_dir():
            return
        for entry in os.scandir(self._folder):
            if entry.name.endswith(SUFFIX) and entry.name not in self.segments:
                self.segments[entry.name] = Segment(Path(entry.path))


def _is_unlocked(path: Path) -> bool:
    """A segment is locked as long as its writer lives."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
