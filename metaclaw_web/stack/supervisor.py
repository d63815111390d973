"""Talking to supervisord: starting it, and its XML-RPC interface over a unix socket."""

import http.client
import socket
import subprocess
import sys
import xmlrpc.client
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from apps.core.files import write_private
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.paths import Paths, make_private
from metaclaw_web.stack.programs import Program
from metaclaw_web.stack.supervisor_conf import render

_RPC_SECONDS = 10.0
_TAIL_BYTES = 64 * 1024
# Where supervisord cannot be reached or stops answering in the middle of a call.
UNREACHABLE = (OSError, http.client.HTTPException, xmlrpc.client.Error)


@dataclass(frozen=True)
class ProgramState:
    """What supervisord says about one program."""

    name: str
    state: str
    pid: int
    remark: str


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_RPC_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: object) -> http.client.HTTPConnection:
        # One connection per call: supervisord may have been replaced in the meantime.
        return _UnixConnection(self._path)


class Supervisor:
    """One supervisord, reached through its socket."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    def spawn(self, programs: Iterable[Program], env: dict[str, str]) -> "subprocess.Popen[bytes]":
        """Start supervisord away from our terminal, so that Ctrl-C reaches only the launcher."""
        write_private(self._paths.supervisor_conf, render(self._paths, programs))
        make_private(self._paths.socket.parent)
        self._paths.socket.unlink(missing_ok=True)
        with (self._paths.logs / "supervisord.out").open("wb") as output:
            return subprocess.Popen(
                [
                    sys.executable,
                    # It imports pkg_resources on some versions, which warns about itself.
                    *("-W", "ignore", "-m", "supervisor.supervisord"),
                    *("-c", str(self._paths.supervisor_conf)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                start_new_session=True,
            )

    def start(self, name: str) -> None:
        """Begin to start a program. Returns at once."""
        wait = False
        self._call("startProcess", name, wait)

    def shutdown(self) -> None:
        """Begin to stop everything, the last started first. Returns at once."""
        self._call("shutdown")

    def is_up(self) -> bool:
        try:
            self._call("getState")
        except UNREACHABLE:
            return False
        return True

    def states(self) -> list[ProgramState]:
        """Every program, first started first."""
        found = cast("list[dict[str, Any]]", self._call("getAllProcessInfo"))
        return [
            ProgramState(item["name"], item["statename"], item["pid"], item["description"])
            for item in found
        ]

    def state(self, name: str) -> ProgramState:
        return next(item for item in self.states() if item.name == name)

    def log_tail(self, name: str, *, lines: int = 15) -> str:
        return tail(self._paths.logs / f"{name}.log", lines=lines)

    def _call(self, method: str, *arguments: Any) -> object:
        proxy = xmlrpc.client.ServerProxy(
            "http://localhost/RPC2", transport=_UnixTransport(self._paths.socket)
        )
        return getattr(proxy.supervisor, method)(*arguments)


def tail(log: Path, *, lines: int = 15) -> str:
    """The last lines of a log file; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.rstrip().splitlines()[-lines:])


def not_started(paths: Paths) -> StackError:
    details = tail(paths.logs / "supervisord.out") or tail(paths.logs / "supervisord.log")
    return StackError("The process manager did not start.", details=details)
