"""Appending turns to local files before they reach Postgres.

A plain ``write`` survives the death of the process; a thread makes it durable against power
loss every 200 ms (``fdatasync``, one for all turns of that time). The file being written is
locked, so that the recorder can tell a live process from a dead one.
"""

import fcntl
import logging
import os
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

SUFFIX = ".spool"
_HIDDEN = ".new"
_SYNC_SECONDS = 0.2
_ROTATE_BYTES = 32 * 1024 * 1024
_ROTATE_SECONDS = 20.0
_PROBE_BYTES = 64 * 1024


class SpoolWriter:
    """One per gateway process. Not for use from several threads at once."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._boot = f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(3)}"
        self._number = 0
        self._file = -1
        self._size = 0
        self._opened_at = 0.0
        self._lock = threading.Lock()
        self._is_dirty = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._sync_forever, name="spool", daemon=True)
        self.lost_frames = 0
        self._is_full = False

    def start(self) -> None:
        """Make the folder and the first file. Raises OSError if that cannot be done."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._open_next()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._close()

    @property
    def is_recording(self) -> bool:
        return not self._is_full

    def append(self, frame: bytes) -> bool:
        """Write a frame; False (and counted) if there is no room. Never raises for that."""
        if self._is_full:
            self.lost_frames += 1
            return False
        with self._lock:
            try:
                written = os.write(self._file, frame)
                if written != len(frame):
                    raise OSError("short write")
            except OSError as exc:
                self._give_up(exc)
                return False
            self._size += written
            self._is_dirty = True
        return True

    def _give_up(self, exc: OSError) -> None:
        # Half a frame must not stand before the next one. Where even that fails, its
        # checksum gives it away to the reader.
        with suppress(OSError):
            os.ftruncate(self._file, self._size)
        self.lost_frames += 1
        self._is_full = True
        logger.error("spool.full", extra={"reason": exc})

    def _sync_forever(self) -> None:
        while not self._stopping.wait(_SYNC_SECONDS):
            try:
                self._tend()
            except OSError as exc:
                logger.error("spool.trouble", extra={"reason": exc})
        self._tend()

    def _tend(self) -> None:
        age = time.monotonic() - self._opened_at
        if self._size and (self._size > _ROTATE_BYTES or age > _ROTATE_SECONDS):
            with self._lock:
                # The next file first: a process without a locked file looks dead.
                finished = self._file
                self._open_next()
                _sync(finished)
                os.close(finished)
            self._is_full = self._folder_bytes() > self._max_bytes
        elif self._is_full:
            over = self._folder_bytes() > self._max_bytes
            self._is_full = over or self._disk_is_full() or not self._can_write()
        if self._is_dirty:
            self._is_dirty = False
            # Without the lock: syncing takes milliseconds and must not hold a request up.
            duplicate = os.dup(self._file)
            try:
                _sync(duplicate)
            finally:
                os.close(duplicate)

    def _open_next(self) -> None:
        self._number += 1
        path = self._folder / f"{self._boot}-{self._number:06d}{SUFFIX}"
        # Locked before the recorder can see it: to find it without its lock for one moment would
        # be to find its writer dead, and the file done with.
        hidden = path.with_suffix(_HIDDEN)
        self._file = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        hidden.rename(path)
        self._size = 0
        self._opened_at = time.monotonic()

    def _close(self) -> None:
        if self._file >= 0:
            if self._is_dirty:
                _sync(self._file)
                self._is_dirty = False
            os.close(self._file)
            self._file = -1

    def _folder_bytes(self) -> int:
        return sum(entry.stat().st_size for entry in os.scandir(self._folder))

    def _disk_is_full(self) -> bool:
        space = os.statvfs(self._folder)
        return space.f_bavail * space.f_frsize < 16 * 1024 * 1024

    def _can_write(self) -> bool:
        """Whether a small file can be written: free space alone does not say (quotas, limits)."""
        probe = self._folder / "probe"
        try:
            probe.write_bytes(bytes(_PROBE_BYTES))
        except OSError:
            return False
        finally:
            probe.unlink(missing_ok=True)
        return True


def _sync(file: int) -> None:
    # macOS has no fdatasync.
    getattr(os, "fdatasync", os.fsync)(file)
