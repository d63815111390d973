"""The commands: run, stop, status, exec."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from metaclaw_web.stack import banner, environment, orphans, postgres_home, state, throwaway
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.launcher import Stack, open_stack
from metaclaw_web.stack.options import load_dotenv, read_options, var_dir
from metaclaw_web.stack.paths import Paths
from metaclaw_web.stack.steps import say, step
from metaclaw_web.stack.supervisor import UNREACHABLE, Supervisor

NOT_RUNNING = 3
_STOP_SECONDS = 240


class Interrupted(BaseException):
    """Somebody asked us to end. Not an ``Exception``: nothing on the way may swallow it."""


def run(*, is_detached: bool, resets_access: bool = False) -> int:
    """Start the stack; stay until Ctrl-C unless detached."""
    environ = dict(os.environ)
    load_dotenv(environ)
    options = read_options(environ)
    started = time.monotonic()
    stack = open_stack(options, environ)
    with state.exclusive(stack.paths):
        _refuse_second(stack.paths)
        _listen_for_signals()
        try:
            say(f"Starting MetaClaw Web in {options.var}")
            stack.prepare()
            stack.start_servers()
            made = stack.start_applications(resets_access=resets_access)
            say(f"  {'Ready':<46} {time.monotonic() - started:5.1f} s")
            stack.note_running(is_detached=is_detached)
            say()
            say(banner.render(options, stack.paths, made, is_detached=is_detached))
            if is_detached:
                return 0
            stack.watch()
        except Interrupted:
            pass
        except BaseException:
            _stop(stack)
            raise
        _stop(stack)
    return 0


def stop() -> int:
    """Stop the stack, whoever started it. Nothing to stop is not an error."""
    environ = dict(os.environ)
    load_dotenv(environ)
    paths = Paths(var_dir(environ))
    running = state.read(paths) if paths.run.is_dir() else None
    if running is None or not running.is_alive():
        return _stop_remains(paths)
    with step("Stopped"):
        if running.is_detached:
            Supervisor(paths).shutdown()
        else:
            os.kill(running.launcher.pid, signal.SIGTERM)
        process = running.manager if running.is_detached else running.launcher
        deadline = time.monotonic() + _STOP_SECONDS
        while process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.1)
    if process.is_alive():
        raise StackError(f"The stack of {paths.var} is still stopping after {_STOP_SECONDS} s.")
    if running.is_detached:
        state.clear(paths)
        paths.forget_socket()
    return 0


def status() -> int:
    """Show the processes; the exit code is 3 when the stack is not running."""
    environ = dict(os.environ)
    load_dotenv(environ)
    paths = Paths(var_dir(environ))
    running = state.read(paths)
    if running is None or not running.is_alive():
        say(f"The stack of {paths.var} is not running.")
        return NOT_RUNNING
    say(f"Console  {running.console_url}")
    say(f"Gateway  {running.gateway_url}")
    say()
    try:
        for item in Supervisor(paths).states():
            say(f"  {item.name:<10} {item.state:<9} {item.remark}")
    except UNREACHABLE:
        raise StackError("The process manager does not answer.") from None
    return 0


def execute(command: Sequence[str], *, is_full: bool, folder: str | None) -> int:
    """Run a command beside servers of its own, which end with it; its exit code is ours."""
    with throwaway.folder(folder) as var:
        environ = throwaway.environ(os.environ, is_full=is_full)
        stack = open_stack(read_options(environ, var=var), environ, with_applications=is_full)
        with state.exclusive(stack.paths):
            _listen_for_signals()
            try:
                stack.prepare()
                stack.start_servers(is_durable=False)
                if is_full:
                    stack.start_applications()
                    return _run_beside(command, stack.env)
                env = environment.for_tests(environ, stack.paths, stack.ports)
                return _run_beside(command, env)
            except Interrupted:
                return 128 + signal.SIGINT
            finally:
                _stop(stack, quiet=True)


def _run_beside(command: Sequence[str], env: Mapping[str, str]) -> int:
    try:
        process = subprocess.Popen(command, env=env)
    except OSError as exc:
        raise StackError(f"{command[0]} cannot be run: {exc.strerror}.") from None
    try:
        code = process.wait()
    except Interrupted:
        # Ctrl-C reached the command as well; a signal sent to us alone did not.
        process.terminate()
        process.wait()
        raise
    return code if code >= 0 else 128 - code


def _refuse_second(paths: Paths) -> None:
    running = state.read(paths)
    if running is not None and running.is_detached and running.is_alive():
        raise state.already_running(running, paths)


def _stop(stack: Stack, *, quiet: bool = False) -> None:
    _ignore_signals(quiet=quiet)
    is_shown = stack.has_started and not quiet
    if is_shown:
        say()
    with step("Stopped", quiet=not is_shown):
        stack.stop()


def _stop_remains(paths: Paths) -> int:
    """What a killed run left, if anything."""
    if not paths.run.is_dir() or state.is_locked(paths):
        if paths.run.is_dir():
            raise StackError(f"A start is at work in {paths.var}; stop it with Ctrl-C.")
        say(f"The stack of {paths.var} is not running.")
        return 0
    with state.exclusive(paths):
        data = [paths.var / "postgres", postgres_home.OUTSIDE / paths.digest / "data"]
        count = sum(orphans.stop(paths.var, place) for place in data)
        state.clear(paths)
    if count:
        say(f"Stopped {count} processes that a killed run had left.")
    else:
        say(f"The stack of {paths.var} is not running.")
    return 0


def _listen_for_signals() -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _ignore_signals(*, quiet: bool) -> None:
    """From here on only the end counts; asking again must not leave half of it running."""

    def remark(number: int, frame: FrameType | None) -> None:
        if not quiet:
            os.write(1, b"  Stopping; requests in flight get up to 40 s to finish.\n")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, remark)
