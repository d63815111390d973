"""Who runs the stack of a data folder: a lock for the launcher and a note about the rest."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import psutil

from apps.core.files import write_private
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.paths import Paths


@dataclass(frozen=True)
class Identity:
    """A process, told apart from a later one that got the same number."""

    pid: int
    created: float

    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            is_zombie = process.status() == psutil.STATUS_ZOMBIE
            return not is_zombie and abs(process.create_time() - self.created) < 1
        except psutil.Error:
            return False


@dataclass(frozen=True)
class Running:
    """The note that a start leaves for `stop`, `status` and the next start."""

    launcher: Identity
    manager: Identity
    is_detached: bool
    console_url: str
    gateway_url: str

    def is_alive(self) -> bool:
        """Whether somebody looks after it: its launcher, or for a detached one the manager."""
        return (self.manager if self.is_detached else self.launcher).is_alive()


def identify(pid: int) -> Identity:
    return Identity(pid, psutil.Process(pid).create_time())


def write(paths: Paths, running: Running) -> None:
    write_private(paths.state, json.dumps(asdict(running), indent=2) + "\n")


def read(paths: Paths) -> Running | None:
    """The note, or None when there is none that can be read."""
    try:
        note = json.loads(paths.state.read_text())
        return Running(
            launcher=Identity(**note.pop("launcher")),
            manager=Identity(**note.pop("manager")),
            **note,
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def clear(paths: Paths) -> None:
    paths.state.unlink(missing_ok=True)


@contextmanager
def exclusive(paths: Paths) -> Iterator[None]:
    """Hold the data folder. The system frees the lock however this process ends."""
    descriptor = os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise already_running(read(paths), paths) from None
        yield
    finally:
        os.close(descriptor)


def is_locked(paths: Paths) -> bool:
    """Whether a launcher is at work in this data folder."""
    try:
        descriptor = os.open(paths.lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def already_running(running: Running | None, paths: Paths) -> StackError:
    if running is None or not running.is_alive():
        return StackError(f"Another start or stop is at work in {paths.var}; wait for it.")
    return StackError(
        f"The stack of {paths.var} is running already.\n"
        f"  console  {running.console_url}\n"
        f"  gateway  {running.gateway_url}",
        advice="`make stop` stops it. METACLAW_VAR_DIR with other ports starts a second one.",
    )
