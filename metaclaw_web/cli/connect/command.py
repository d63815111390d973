"""`metaclaw connect`: point a client at the gateway, and back."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from metaclaw_web.cli import output
from metaclaw_web.cli.connect import changes, files, generic, shown, target
from metaclaw_web.cli.connect.clients import CLIENTS, OPENCLAW_APIS, Client, Target
from metaclaw_web.cli.errors import CliError


class ClientName(StrEnum):
    OPENCLAW = "openclaw"
    CLAUDE_CODE = "claude-code"
    CODEX = "codex"
    HERMES = "hermes"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Place:
    """The file of this call, and whether to ask before it is written."""

    client: Client
    path: Path
    is_agreed: bool


def connect(  # one parameter per option is how typer reads them
    ctx: typer.Context,
    client: Annotated[ClientName, typer.Argument(help="Which client.")],
    url: Annotated[str, typer.Option(help="The gateway. Default: the stack of this folder.")] = "",
    key: Annotated[str, typer.Option(help="The API key.", show_default=False)] = "",
    model: Annotated[str, typer.Option(help="The model the client shall ask for.")] = "",
    home: Annotated[
        Path | None, typer.Option(help="Somebody's home folder instead of yours.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="The client's file itself.")] = None,
    api: Annotated[
        str, typer.Option(help=f"OpenClaw only: {', '.join(OPENCLAW_APIS)}.")
    ] = OPENCLAW_APIS[0],
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Put back what the file was.")] = False,
    secret: Annotated[bool, typer.Option("--secret", help="generic: show the key.")] = False,
) -> None:
    """Write a client's configuration so that it talks to the gateway.

    Shows the change and asks. What the file was is kept beside it; --undo puts that back.
    """
    if api not in OPENCLAW_APIS:
        raise CliError(f"“{api}” is not one of {', '.join(OPENCLAW_APIS)}.")
    known = CLIENTS.get(client.value)
    place = None if known is None else Place(known, _path(known, home, config), yes)
    if undo:
        _undo(place)
        return
    connection = target.connection_for(ctx.obj, url, key)
    needs_model = place is not None and place.client.needs_model
    wanted = target.target_of(connection, model=model, api=api, needs_model=needs_model)
    if place is None:
        generic.print_exports(wanted, secret=secret)
    else:
        _write(place, wanted)


def _path(client: Client, home: Path | None, config: Path | None) -> Path:
    """Where the file is. A home that was named does not follow this shell's variables."""
    if config is not None:
        return config.expanduser().absolute()
    if home is not None:
        return client.locate(home.expanduser().absolute(), {})
    return client.locate(Path.home(), os.environ).absolute()


def _write(place: Place, wanted: Target) -> None:
    before = files.read(place.path)
    after = _edited(place, before or "", wanted)
    title, path = place.client.title, place.path
    if after == before:
        _say(f"{title} talks to {wanted.url} already; {path} is unchanged.")
        return
    shown.print_diff(shown.diff(path, before, after, wanted.key))
    _agree(place, f"Write {path}?")
    _check_unchanged(path, before)
    backup = files.back_up(path, before, after)
    try:
        files.write(path, after)
    except CliError:
        backup.unlink(missing_ok=True)
        raise
    _say(f"{title} now talks to {wanted.url}. {place.client.then}")
    _say(f"Back: metaclaw connect {_name(place.client)} --undo (or {backup.name} beside the file)")
    if files.readable_by_others(path):
        _say(f"Others on this machine may read the key: chmod 600 {path}")
    for warning in place.client.warnings(place.client.text.load(after), os.environ):
        _say(warning)


def _edited(place: Place, before: str, wanted: Target) -> str:
    """The text as it shall be, proved by reading it again."""
    text, path = place.client.text, place.path
    try:
        document = text.load(before)
        wishes = place.client.changes(wanted, document)
        after = before
        for change in changes.outstanding(document, wishes):
            after = text.edited(after, change)
        if text.load(after) == changes.applied(document, wishes):
            return str(after)
    except changes.Unreadable as exc:
        raise CliError(
            f"{path} cannot be understood: {exc.message}. Nothing was changed.",
            "Correct it, or name another file with --config.",
        ) from exc
    except changes.Unplaceable:
        pass
    raise CliError(
        f"{path} is written in a way that cannot be edited safely. Nothing was changed.",
        "docs/clients.md shows what to write by hand.",
    )


def _undo(place: Place | None) -> None:
    if place is None:
        raise CliError("There is nothing to undo: generic writes no file.")
    path = place.path
    backup = files.newest_backup(path)
    if backup is None:
        raise CliError(f"There is no backup of {path}.", "`metaclaw connect` makes one.")
    now = files.read(path)
    before = files.read(backup.path) if backup.existed else None
    shown.print_diff(shown.diff(path, now, before, ""))
    has_changed = not files.is_as_written(backup, now)
    if has_changed and now is not None:
        _say(f"{path} has changed since it was connected; its present text will be kept as well.")
    _agree(place, f"Put {path} back?" if backup.existed else f"Delete {path}?")
    _check_unchanged(path, now)
    if has_changed and now is not None:
        kept = path.with_name(f"{path.name}.before-undo-{backup.stamp}")
        files.write(kept, now)
        _say(f"The present text is in {kept}.")
    files.put_back(path, backup, before or "")
    _say(f"{path} is what it was." if backup.existed else f"{path} is gone, as it was.")


def _agree(place: Place, question: str) -> None:
    if place.is_agreed:
        return
    try:
        is_agreed = typer.confirm(question, err=True)
    except typer.Abort:
        raise CliError("Nothing was changed.", "Without a terminal to ask on, say --yes.") from None
    if not is_agreed:
        raise CliError("Nothing was changed.")


def _check_unchanged(path: Path, known: str | None) -> None:
    """Somebody may have written the file while the question stood."""
    if files.read(path) != known:
        raise CliError(f"{path} was changed by somebody else meanwhile.", "Run the command again.")


def _name(client: Client) -> str:
    return next(name for name, one in CLIENTS.items() if one is client)


def _say(sentence: str) -> None:
    output.remarks().print(escape(sentence), soft_wrap=True)
