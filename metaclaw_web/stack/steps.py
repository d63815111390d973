"""The launcher's output: one line per step with the time it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from metaclaw_web.stack.errors import StackError

_WIDTH = 46


def say(text: str = "") -> None:
    """Print a line at once, also when the output is a pipe."""
    print(text, flush=True)


def complain(error: StackError) -> None:
    """Print a failure: the problem, what to do, and the log lines that explain it."""
    lines = ["", f"metaclaw: {error.problem}"]
    if error.details:
        lines += ["", *(f"    {line}" for line in error.details.rstrip().splitlines()), ""]
    if error.advice:
        lines.append(error.advice)
    print("\n".join(lines), file=sys.stderr, flush=True)


@contextmanager
def step(title: str, *, quiet: bool = False, to_stderr: bool = False) -> Iterator[None]:
    """Report a step and its time. The title comes first where a person watches it happen."""
    stream = sys.stderr if to_stderr else sys.stdout
    started = time.monotonic()
    is_watched = stream.isatty() and not quiet
    if is_watched:
        print(f"  {title:<{_WIDTH}} ", end="", flush=True, file=stream)
    try:
        yield
    except BaseException:
        if is_watched:
            print(file=stream)
        raise
    seconds = f"{time.monotonic() - started:5.1f} s"
    if is_watched:
        print(seconds, flush=True, file=stream)
    elif not quiet:
        print(f"  {title:<{_WIDTH}} {seconds}", flush=True, file=stream)
