"""Where everything of one stack lives: the data folder `var/` and its parts."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from metaclaw_web.stack.errors import StackError

ROOT = Path(__file__).resolve().parents[2]

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included; supervisord
# binds to a temporary name first, which adds a dot and a process id.
_SOCKET_BYTES = 90


@dataclass(frozen=True)
class Paths:
    """The folders and files below one data folder."""

    var: Path

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def spool(self) -> Path:
        return self.var / "spool"

    @property
    def redis(self) -> Path:
        return self.var / "redis"

    @property
    def first_run(self) -> Path:
        return self.var / "first-run.json"

    @property
    def supervisor_conf(self) -> Path:
        return self.run / "supervisord.conf"

    @property
    def state(self) -> Path:
        return self.run / "stack.json"

    @property
    def lock(self) -> Path:
        return self.run / "stack.lock"

    @property
    def digest(self) -> str:
        """A short name for this data folder, for places outside of it."""
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:16]

    @cached_property
    def socket(self) -> Path:
        """The supervisor's socket, in a temporary folder when its own path would be too long."""
        places = [self.run / "supervisor.sock", *(item / "s.sock" for item in self.short_dirs)]
        for place in places:
            if len(os.fsencode(place)) <= _SOCKET_BYTES:
                return place
        raise StackError(f"The path {self.var} is too long.")

    @property
    def short_dirs(self) -> list[Path]:
        """Where a short path may be had; the temporary folder itself can be a long way down."""
        name = f"metaclaw-{os.getuid()}-{self.digest}"
        return [Path(tempfile.gettempdir()) / name, Path("/tmp") / name]  # noqa: S108

    def forget_socket(self) -> None:
        """Remove what the socket needed outside the data folder."""
        if self.socket.parent != self.run:
            shutil.rmtree(self.socket.parent, ignore_errors=True)

    def prepare(self) -> None:
        """Create the folders, readable by their owner alone."""
        _check_name(self.var)
        # Postgres drops to another user when started by root, and that user has to pass
        # through; everything below that is not its own stays closed.
        make_private(self.var, mode=0o711 if os.getuid() == 0 else 0o700)
        for folder in (self.run, self.logs, self.secrets, self.spool, self.redis):
            make_private(folder)


def make_private(folder: Path, *, mode: int = 0o700) -> None:
    """Create a folder or close an existing one; refuse one that belongs to somebody else."""
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except FileExistsError:
        raise StackError(f"{folder} exists and is not a folder.") from None
    if folder.stat().st_uid != os.getuid():
        raise StackError(
            f"{folder} belongs to another user.",
            advice="Choose another data folder with METACLAW_VAR_DIR.",
        )
    folder.chmod(mode)


def _check_name(folder: Path) -> None:
    # supervisord's file format reads these as comments or line ends, and has no escape for them.
    for place in (folder, ROOT):
        if any(mark in str(place) for mark in (" ;", " #", "\n", '"')):
            raise StackError(
                f"The path {str(place)!r} contains a quote, a line end, or a blank before ; or #.",
                advice="Choose another folder (METACLAW_VAR_DIR sets the data folder).",
            )
