"""`metaclaw presence`: while somebody types, nothing trains."""

import time
from collections.abc import Callable
from typing import Annotated

import typer

from metaclaw_web.cli import output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError, Refused
from metaclaw_web.cli.presence.idle import CannotTell, Idle, idle_of_platform

Say = Callable[[str], None]


class Watch:
    """One look after the other at the keyboard; says what changed, once."""

    def __init__(self, console: ConsoleApi, idle: Idle, *, idle_after: float, say: Say) -> None:
        self._console = console
        self._idle = idle
        self._idle_after = idle_after
        self._say = say
        self._told = ""

    def look(self) -> bool:
        """Ping if the keyboard is in use; whether it is."""
        try:
            is_used = self._idle() < self._idle_after
        except CannotTell as exc:
            # Asleep or locked screens do that. Nobody is at the keyboard then.
            self._tell(f"The keyboard's idle time is not known just now: {exc}.")
            return False
        if not is_used:
            self._tell("The keyboard is idle: training may begin.")
            return False
        try:
            self._console.post("training/presence/")
        except CliError as exc:
            # A console that restarts is waited for; one that says no is not.
            if isinstance(exc, Refused) and exc.status < 500 and exc.status != 429:
                raise
            self._tell(exc.message)
            return True
        self._tell("The keyboard is in use: nothing trains.")
        return True

    def _tell(self, line: str) -> None:
        if line != self._told:
            self._told = line
            self._say(line)


def presence(
    ctx: typer.Context,
    *,
    idle_after: Annotated[
        float, typer.Option(min=5, help="Seconds without a touch that count as away.")
    ] = 60.0,
    every: Annotated[float, typer.Option(min=5, help="Seconds between two looks.")] = 30.0,
    always: Annotated[
        bool,
        typer.Option("--always", help="Somebody is here as long as this runs; ask no keyboard."),
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="One look, then stop.")] = False,
) -> None:
    """Tell the workspace that somebody is at this keyboard, so that nothing trains meanwhile.

    Sends the fact alone: no keys, no windows, no names.
    """
    connection: Connection = ctx.obj.load()
    idle: Idle | None = (lambda: 0.0) if always else idle_of_platform()
    if idle is None:
        raise CliError(
            "This platform does not say how long the keyboard was idle.",
            "On Linux with X11, install xprintidle. Or run with --always while you work.",
        )
    with ConsoleApi(connection, key="api_key") as console:
        watch = Watch(console, idle, idle_after=idle_after, say=_say)
        try:
            watch.look()
            while not once:
                time.sleep(every)
                watch.look()
        except KeyboardInterrupt:
            return


def _say(line: str) -> None:
    output.results().print(line, soft_wrap=True, markup=False)
