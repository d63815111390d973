"""TCP ports: whether they are free, and who holds the ones that are not."""

import errno
import json
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

from apps.core.files import write_private
from metaclaw_web.env import BadSetting
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.options import Listener

LOOPBACK = "127.0.0.1"


def check_free(listeners: Iterable[Listener]) -> None:
    """Raise one error that names every taken port, so that one correction is enough."""
    taken = [_complaint(listener) for listener in listeners if not _can_listen(listener)]
    if taken:
        raise StackError(
            "\n".join(taken), advice="Nothing was started. Stop the other program or move the port."
        )


def free_port(host: str = LOOPBACK) -> int:
    """A port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port


def remembered(file: Path, names: Iterable[str]) -> dict[str, int]:
    """Inner ports that stay the same from start to start as long as nobody else takes them."""
    try:
        known = json.loads(file.read_text())
    except (OSError, ValueError):
        known = {}
    ports: dict[str, int] = {}
    for name in names:
        port = known.get(name) if isinstance(known, dict) else None
        usable = isinstance(port, int) and port not in ports.values() and _is_free(LOOPBACK, port)
        ports[name] = port if usable and isinstance(port, int) else _another(ports)
    write_private(file, json.dumps(ports) + "\n")
    return ports


def _another(ports: dict[str, int]) -> int:
    port = free_port()
    while port in ports.values():
        port = free_port()
    return port


def _can_listen(listener: Listener) -> bool:
    try:
        return _is_free(listener.host, listener.port)
    except PermissionError:
        raise BadSetting(
            listener.variable,
            f"only root may listen on port {listener.port}.",
            example=str(listener.port + 8000),
        ) from None
    except OSError as exc:
        raise BadSetting(
            f"{listener.variable.removesuffix('_PORT')}_HOST or METACLAW_BIND",
            f"this machine cannot listen on {listener.host}: {exc.strerror}.",
        ) from None


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the servers do: a port whose last connection just closed counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            # Two wildcard binds with SO_REUSEADDR may both succeed; only one can listen.
            probe.listen(1)
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _complaint(listener: Listener) -> str:
    holder = _holder(listener.port)
    by = f" by {holder}" if holder else ""
    return (
        f"Port {listener.port} of the {listener.name} is in use{by}."
        f" Set {listener.variable} to another port."
    )


def _holder(port: int) -> str:
    """The process that listens on the port, when the system lets us know."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.Error:
        return ""
    for item in connections:
        if item.status == psutil.CONN_LISTEN and item.laddr and item.laddr.port == port:
            return _describe(item.pid) if item.pid else ""
    return ""


def _describe(pid: int) -> str:
    try:
        command = " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return f"process {pid}"
    return f"process {pid} ({command[:100]})" if command else f"process {pid}"
