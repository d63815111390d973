"""`metaclaw skills …`: skills into the workspace and out of it."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from metaclaw_web.cli import output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi, Json
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.library import commands as library
from metaclaw_web.cli.skill_files import replace_file, unpacked, upload_of

app = typer.Typer(no_args_is_help=True)


class Way(enum.StrEnum):
    """How imported skills arrive."""

    LIVE = "live"
    PROPOSALS = "proposals"


class Layout(enum.StrEnum):
    """Where a skill's folder lies in an export."""

    CATEGORY = "category"
    SKILLS = "skills"


@app.command("import")
def import_skills(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="A SKILL.md, a .zip, or a folder of skills.")],
    *,
    way: Annotated[
        Way, typer.Option("--as", help="Live at once, or waiting for a person to approve.")
    ] = Way.LIVE,
) -> None:
    """Add skills to the workspace, or new versions of those it has."""
    connection: Connection = ctx.obj.load()
    file_name, content = upload_of(path)
    with ConsoleApi(connection) as console:
        if way is Way.PROPOSALS:
            name = path.resolve().name
            _tell_proposed(console.upload("proposals/import/", file_name, content, name=name[:80]))
        else:
            _tell_live(console.upload("skills/import/", file_name, content))


@app.command("export")
def export_skills(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="The .zip file, or the folder, to write.")],
    *,
    layout: Annotated[
        Layout, typer.Option(help="<category>/<name>/SKILL.md, or skills/<name>/SKILL.md.")
    ] = Layout.CATEGORY,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Write every live skill of the workspace into a .zip file or a folder."""
    connection: Connection = ctx.obj.load()
    is_zip = path.suffix == ".zip"
    is_taken = path.exists() if is_zip else path.is_dir() and any(path.iterdir())
    if not is_zip and path.exists() and not path.is_dir():
        raise CliError(f"{path} is not a folder.", "Name a folder, or a file that ends in .zip.")
    if is_taken and not force:
        hint = "Choose another name or say --force."
        raise CliError(f"{path} {'exists already' if is_zip else 'is not empty'}.", hint)
    with ConsoleApi(connection) as console:
        content = console.download("skills/export/", layout=layout.value)
    files = {path: content} if is_zip else {path / n: b for n, b in unpacked(content).items()}
    try:
        for target, blob in files.items():
            replace_file(target, blob)
    except OSError as exc:
        raise CliError(f"{path} cannot be written: {exc.strerror}.") from exc
    said = f"{len(content)} bytes" if is_zip else f"{len(files)} skills"
    output.results().print(f"{path}: {said}", soft_wrap=True)


def _tell_live(result: Json) -> None:
    for word in ("created", "revised", "unchanged"):
        slugs = result.get(word) or []
        output.results().print(f"{word} {len(slugs)}: {', '.join(slugs) or '–'}", soft_wrap=True)


def _tell_proposed(result: Json) -> None:
    texts = result["texts"]
    for word in ("proposed", "known", "waiting", "unchanged"):
        slugs = [one["slug"] for one in texts if one["outcome"] == word]
        output.results().print(f"{word} {len(slugs)}: {', '.join(slugs) or '–'}", soft_wrap=True)


app.command("watch")(library.watch)
app.command("mirror")(library.mirror)
