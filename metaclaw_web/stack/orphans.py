"""Processes that a killed stack left behind.

Each process of a stack carries METACLAW_STACK=<data folder> in its environment. Only those whose
value is exactly our data folder are ours to stop; other stacks on the machine are left alone.
"""

import contextlib
import os
import signal
from pathlib import Path

import psutil

from metaclaw_web.stack.errors import StackError

VARIABLE = "METACLAW_STACK"
_POLITE_SECONDS = 15
_POSTGRES_SECONDS = 60


def find(var: Path, data: Path | None = None) -> list[psutil.Process]:
    """Every process of the stack in `var`, without this one and those above it."""
    us = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [
        item for item in psutil.process_iter() if item.pid not in us and _is_of(item, var, data)
    ]


def stop(var: Path, data: Path | None = None) -> int:
    """Stop what is left, politely and then not, and return how many there were."""
    found = find(var, data)
    if not found:
        return 0
    # The manager first, or it would start again what we stop. Killing it is safe: it holds no
    # data, and its polite way would take as long as the slowest program.
    _kill([item for item in found if _is_manager(item)])
    servers = [item for item in found if _name(item) == "postgres"]
    others = [item for item in found if item not in servers]
    _send(others, signal.SIGTERM)
    _, alive = psutil.wait_procs(others, timeout=_POLITE_SECONDS)
    _kill(alive)
    # Postgres last, after its clients, and by a fast shutdown. Only its first process listens.
    masters = [item for item in servers if not _has_parent_in(item, servers)]
    _send(masters, signal.SIGINT)
    _, alive = psutil.wait_procs(servers, timeout=_POSTGRES_SECONDS)
    if alive:
        # Immediate shutdown: no checkpoint, the next start recovers from the log.
        _send(alive, signal.SIGQUIT)
        _, alive = psutil.wait_procs(alive, timeout=_POLITE_SECONDS)
    if alive:
        pids = ", ".join(str(item.pid) for item in alive)
        raise StackError(
            f"Processes of an earlier run do not end: {pids}.",
            advice="Stop them by hand, then start again.",
        )
    return len(found)


def _is_of(process: psutil.Process, var: Path, data: Path | None) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if process.environ().get(VARIABLE) == str(var):
            return True
        # Postgres overwrites the environment of its workers with their titles.
        is_server = data is not None and process.name() == "postgres"
        return is_server and process.cwd() == str(data)
    except (psutil.Error, OSError):
        return False


def _is_manager(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return "supervisor.supervisord" in process.cmdline()
    return False


def _name(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return process.name()
    return ""


def _has_parent_in(process: psutil.Process, group: list[psutil.Process]) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.ppid() in {item.pid for item in group}
    return False


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)


def _kill(processes: list[psutil.Process]) -> None:
    _send(processes, signal.SIGKILL)
    psutil.wait_procs(processes, timeout=5)
