"""A scratch folder, and commands that see nothing but it and the machine's programs."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from apps.core.said import say
from apps.training.errors import SandboxRefused
from apps.training.sandbox.launcher import NOBODY

Ended = Literal["done", "timeout", "disk"]

_LAUNCHER = str(Path(__file__).with_name("launcher.py"))
_LOOK_SECONDS = 0.1
_READ_BYTES = 65_536
# One argument of a program may not be longer: https://man7.org/linux/man-pages/man2/execve.2.html
_ARGUMENT_BYTES = 100_000
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """What a command may take. Memory holds for each process: of those there may be few."""

    seconds: float = 20.0
    cpu_seconds: int = 20
    memory_bytes: int = 512 * _MIB
    file_bytes: int = 16 * _MIB
    disk_bytes: int = 64 * _MIB
    files: int = 2_000
    processes: int = 32
    open_files: int = 128
    output_bytes: int = 32_000

    def kernel(self, *, is_confined: bool) -> dict[str, int]:
        found = {
            "CPU": self.cpu_seconds,
            "AS": self.memory_bytes,
            "FSIZE": self.file_bytes,
            "NOFILE": self.open_files,
            "CORE": 0,
        }
        # Without walls the kernel would count all that the worker's own user runs.
        return found | ({"NPROC": self.processes} if is_confined else {})


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command went. ``is_cut``: it printed more than is kept."""

    exit_code: int
    stdout: str
    stderr: str
    ended: Ended = "done"
    is_cut: bool = False


class Room:
    """A place for the commands of one episode. Use as a context manager: its end removes it.

    Its methods may be called from one thread at a time.
    """

    def __init__(self, *, is_confined: bool, limits: RoomLimits | None = None) -> None:
        self._is_confined = is_confined
        self._limits = limits or RoomLimits()
        self._base = Path()

    def __enter__(self) -> Self:
        self._base = Path(tempfile.mkdtemp(prefix="metaclaw-room-"))
        # Whoever the commands run as must get through, and see nothing on the way.
        self._base.chmod(0o711)
        (self._base / "root").mkdir(mode=0o755)
        self.work.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.work, NOBODY, NOBODY)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _remove(self._base)

    @property
    def work(self) -> Path:
        return self._base / "work"

    def run(self, argv: Sequence[str], *, said: str = "", seconds: float | None = None) -> Ran:
        """Run a command with ``said`` on its standard input, and wait for it.

        Raises SandboxRefused where it cannot be shut in; then it has not been run.
        """
        if any(len(one.encode()) > _ARGUMENT_BYTES for one in argv):
            return Ran(126, "", "An argument is too long.")
        before = self._size()
        ready, ready_fd = os.pipe()
        try:
            process = self._start(list(argv), ready_fd)
        finally:
            os.close(ready_fd)
        try:
            most = seconds or self._limits.seconds
            watch = _Watch(process, self._limits, most, self._size, before)
            return watch.run(said, ready)
        finally:
            os.close(ready)

    def _start(self, argv: list[str], ready_fd: int) -> "subprocess.Popen[bytes]":
        wish = {
            "argv": argv,
            "is_confined": self._is_confined,
            "root": str(self._base / "root"),
            "work": str(self.work),
            "tmp_bytes": self._limits.file_bytes,
            "limits": self._limits.kernel(is_confined=self._is_confined),
            "environment": {
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "HOME": "/work" if self._is_confined else str(self.work),
                "LANG": "C.UTF-8",
                "TMPDIR": "/tmp" if self._is_confined else str(self.work),  # noqa: S108  # its own
            },
            "ready_fd": ready_fd,
        }
        return subprocess.Popen(  # noqa: S603  # our own launcher
            [sys.executable, "-I", "-S", _LAUNCHER, json.dumps(wish)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[ready_fd],
            env={},
            cwd="/",
            start_new_session=True,
        )

    def _size(self) -> tuple[int, int]:
        """Bytes and entries in the scratch folder. Links are not followed."""
        size = count = 0
        folders = [self.work]
        while folders:
            try:
                entries = list(os.scandir(folders.pop()))
            except OSError:
                continue  # gone, or closed to us, in the meantime
            for entry in entries:
                count += 1
                if count > self._limits.files * 4:
                    return size, count  # as good as endless
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                    continue
                try:
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                except OSError:
                    continue
        return size, count


@dataclass(slots=True)
class _Watch:
    """Waits for a process, reads what it prints, and ends it when it takes too much."""

    process: "subprocess.Popen[bytes]"
    limits: RoomLimits
    seconds: float
    size: Callable[[], tuple[int, int]]
    # Bytes and entries there were when it began.
    before: tuple[int, int]
    printed: dict[str, bytearray] = field(default_factory=dict)
    is_cut: bool = False

    def run(self, said: str, ready: int) -> Ran:
        writer = threading.Thread(target=self._say, args=(said.encode(),), daemon=True)
        writer.start()
        try:
            ended = self._follow()
        finally:
            self._kill()
            writer.join(timeout=5)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                stream.close()
        trouble = os.read(ready, 2000)
        if trouble != b"ready" and (trouble or ended == "done"):
            english = (
                "Nothing here can confine a command ({why}). METACLAW_SANDBOX=unconfined runs it"
                " all the same, with limits but no walls."
            )
            raise SandboxRefused(
                say(
                    "sandbox_none",
                    english,
                    why=trouble.decode(errors="replace") or "its launcher did not start",
                )
            )
        out, error = (bytes(self.printed.get(n, b"")).decode(errors="replace") for n in "oe")
        return Ran(self.process.returncode, out, error, ended, self.is_cut)

    def _say(self, said: bytes) -> None:
        assert self.process.stdin is not None
        try:
            with self.process.stdin as stream:
                stream.write(said)
        except (BrokenPipeError, ValueError):
            pass  # it did not want to hear all of it

    def _follow(self) -> Ended:
        until = time.monotonic() + self.seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ, "o")  # type: ignore[arg-type]  # a pipe
            selector.register(self.process.stderr, selectors.EVENT_READ, "e")  # type: ignore[arg-type]  # a pipe
            look_at = time.monotonic() + _LOOK_SECONDS
            while selector.get_map():
                for key, _ in selector.select(timeout=_LOOK_SECONDS):
                    if not self._take(key.data, key.fd):
                        selector.unregister(key.fileobj)
                if time.monotonic() >= until:
                    return "timeout"
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + _LOOK_SECONDS
                    if self._is_too_large():
                        return "disk"
        try:
            self.process.wait(timeout=max(0.01, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return "timeout"
        return "disk" if self._is_too_large() else "done"

    def _take(self, name: str, fd: int) -> bool:
        """Keep what there is to read; False at the end of it."""
        found = os.read(fd, _READ_BYTES)
        kept = self.printed.setdefault(name, bytearray())
        room = self.limits.output_bytes - len(kept)
        kept += found[: max(0, room)]
        self.is_cut = self.is_cut or len(found) > room
        return bool(found)

    def _is_too_large(self) -> bool:
        """Where it was too large before, it may not grow: so that it can be cleared."""
        size, count = self.size()
        return size > max(self.limits.disk_bytes, self.before[0]) or count > max(
            self.limits.files, self.before[1]
        )

    def _kill(self) -> None:
        """The launcher takes with it all that runs in its room."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _remove(base: Path) -> None:
    """All of it, also folders that a command closed to us. Nothing runs there any more."""
    for folder, names, _ in os.walk(base):
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(base)
