"""Waiting until a process does its work, or failing as soon as it is clear that it will not."""

import http.client
import time
from collections.abc import Callable

from metaclaw_web.stack import disk, postgres_roles, redis_server
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.options import Listener, reachable
from metaclaw_web.stack.programs import SERVERS
from metaclaw_web.stack.supervisor import UNREACHABLE, Supervisor

_PAUSE_SECONDS = 0.1
_HTTP_SECONDS = 5.0


def wait_for(
    supervisor: Supervisor, name: str, is_ready: Callable[[], bool], *, seconds: float
) -> None:
    """Wait for a started program. Its log's last lines explain a failure."""
    # A database server may need a few tries after a crash; for the others a first failure
    # during the start says what a third one would.
    hopeless = {"FATAL"} if name in SERVERS else {"FATAL", "BACKOFF", "EXITED"}
    deadline = time.monotonic() + seconds
    while not is_ready():
        try:
            state = supervisor.state(name).state
        except UNREACHABLE:
            raise StackError("The process manager ended during the start.") from None
        if state in hopeless:
            raise _failure(supervisor, name, "did not start")
        if time.monotonic() > deadline:
            raise _failure(supervisor, name, f"was not ready after {seconds:.0f} seconds")
        time.sleep(_PAUSE_SECONDS)


def postgres(port: int, passwords: postgres_roles.Passwords) -> Callable[[], bool]:
    return lambda: postgres_roles.is_accepting(port, passwords)


def redis(port: int, password: str) -> Callable[[], bool]:
    return lambda: redis_server.is_accepting(port, password)


def running(supervisor: Supervisor, name: str) -> Callable[[], bool]:
    """For programs that answer nobody: they stayed up for a second."""
    return lambda: supervisor.state(name).state == "RUNNING"


def answers(listener: Listener, path: str) -> Callable[[], bool]:
    """Whether the server answers a request without an error of its own."""

    def ask() -> bool:
        # Straight to the port: a proxy set in the environment must not see this.
        connection = http.client.HTTPConnection(
            reachable(listener.host), listener.port, timeout=_HTTP_SECONDS
        )
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def _failure(supervisor: Supervisor, name: str, what: str) -> StackError:
    log = supervisor.log_tail(name)
    if disk.says_full(log):
        return disk.full(f"what {name} keeps")
    return StackError(f"{name} {what}.", details=log)
