"""`metaclaw skills watch` and `metaclaw skills mirror`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from metaclaw_web.cli import output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError, Refused
from metaclaw_web.cli.library.mirroring import Mirror
from metaclaw_web.cli.library.watching import Watch

Every = Annotated[float, typer.Option("--every", min=0.1, help="Seconds between two looks.")]


def watch(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where other tools drop <name>/SKILL.md.")],
    *,
    every: Every = 2.0,
    once: Annotated[
        bool, typer.Option("--once", help="Stop when every finished file is dealt with.")
    ] = False,
) -> None:
    """Turn skills that appear in a folder into proposals; none goes live by itself."""
    connection: Connection = ctx.obj.load()
    if not folder.is_dir():
        raise CliError(f"{folder} is not a folder.")
    with ConsoleApi(connection) as console:
        watching = Watch(folder, console, target=_target(connection), say=_say)
        if once:
            watching.look()
            time.sleep(every)
            if unfinished := watching.look():
                raise CliError(f"{unfinished} files are not finished, or could not be sent.")
            return
        _forever(watching.look, every)


def mirror(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder that is kept like the library.")],
    *,
    every: Every = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Stop when the folder is current.")] = False,
) -> None:
    """Keep every live skill as <name>/SKILL.md in a folder; retired ones leave it."""
    connection: Connection = ctx.obj.load()
    if folder.exists() and not folder.is_dir():
        raise CliError(f"{folder} is not a folder.")
    with ConsoleApi(connection) as console:
        mirroring = Mirror(folder, console, target=_target(connection), say=_say)
        mirroring.look()
        if not once:
            _forever(_patiently(mirroring.look), every)


def _forever(look: Callable[[], object], every: float) -> None:
    try:
        while True:
            look()
            time.sleep(every)
    except KeyboardInterrupt:
        return


def _patiently(look: Callable[[], object]) -> Callable[[], object]:
    """A console that restarts is waited for; one that says no is not."""
    told = ""

    def patient() -> None:
        nonlocal told
        try:
            look()
            told = ""
        except CliError as exc:
            if isinstance(exc, Refused) and exc.status < 500 and exc.status != 429:
                raise
            if exc.message != told:
                told = exc.message
                _say(told)

    return patient


def _target(connection: Connection) -> str:
    return f"{connection.console_url}/t/{connection.tenant}"


def _say(line: str) -> None:
    output.results().print(line, soft_wrap=True, markup=False)
