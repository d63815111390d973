"""`metaclaw skills …`: skills into the workspace and out of it."""

import enum
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of it, change nothing.")
    ] = False,
) -> None:
    """Add skills to the workspace, or new versions of those it has."""
    connection: Connection = ctx.obj.load()
    file_name, content = upload_of(path)
    with ConsoleApi(connection) as console:
        if way is Way.PROPOSALS and dry_run:
            raise CliError("Proposals change nothing by themselves: leave --dry-run out.")
        if way is Way.PROPOSALS:
            name = path.resolve().name
            _tell_proposed(console.upload("proposals/import/", file_name, content, name=name[:80]))
        else:
            rehearsal = {"dry_run": "true"} if dry_run else {}
            _tell_live(console.upload("skills/import/", file_name, content, **rehearsal))


@app.command("export")
def export_skills(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="The .zip file, or the folder, to write.")],
    *,
    layout: Annotated[
        Layout, typer.Option(help="<category>/<name>/SKILL.md, or skills/<name>/SKILL.md.")
    ] = Layout.CATEGORY,
    skill: Annotated[
        list[str] | None, typer.Option("--skill", help="Only this one; may be said repeatedly.")
    ] = None,
    pack: Annotated[str, typer.Option(help="Make it a pack of this name.")] = "",
    version: Annotated[str, typer.Option(help="The pack's version.")] = "1",
    licence: Annotated[str, typer.Option(help="The pack's licence.")] = "",
    author: Annotated[str, typer.Option(help="Who made the pack.")] = "",
    requires: Annotated[
        list[str] | None, typer.Option("--requires", help="A pack that must be installed first.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Write live skills of the workspace into a .zip file or a folder, also as a pack."""
    connection: Connection = ctx.obj.load()
    is_zip = path.suffix == ".zip"
    is_taken = path.exists() if is_zip else path.is_dir() and any(path.iterdir())
    if not is_zip and path.exists() and not path.is_dir():
        raise CliError(f"{path} is not a folder.", "Name a folder, or a file that ends in .zip.")
    if is_taken and not force:
        hint = "Choose another name or say --force."
        raise CliError(f"{path} {'exists already' if is_zip else 'is not empty'}.", hint)
    with ConsoleApi(connection) as console:
        wanted = {"layout": layout.value, "skills": ",".join(skill or [])}
        if pack:
            wanted |= {"pack": pack, "version": version, "licence": licence, "author": author}
            wanted["requires"] = ",".join(requires or [])
        given = {name: value for name, value in wanted.items() if value}
        content = console.download("skills/export/", **given)
    files = {path: content} if is_zip else {path / n: b for n, b in unpacked(content).items()}
    try:
        for target, blob in files.items():
            replace_file(target, blob)
    except OSError as exc:
        raise CliError(f"{path} cannot be written: {exc.strerror}.") from exc
    said = f"{len(content)} bytes" if is_zip else f"{len(files)} files"
    output.results().print(f"{path}: {said}", soft_wrap=True)


@app.command("packs")
def list_packs(ctx: typer.Context) -> None:
    """List the packs that are installed."""
    with ConsoleApi(ctx.obj.load()) as console:
        for pack in console.pages("skills/packs/", most=1_000):
            line = f"{pack['name']} {pack['version']}: {len(pack['skills'])} skills"
            about = ", ".join(word for word in (pack["licence"], pack["author"]) if word)
            shown = f"{line} ({about})" if about else line
            output.results().print(shown, soft_wrap=True, markup=False)


@app.command("remove-pack")
def remove_pack(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="The pack's name.")]
) -> None:
    """Retire a pack's skills, but those that somebody changed."""
    with ConsoleApi(ctx.obj.load()) as console:
        _tell(console.delete(f"skills/packs/{quote(name, safe='')}/"), "retired", "kept")


def _tell_live(result: Json) -> None:
    if pack := result.get("pack"):
        about = ", ".join(word for word in (pack["licence"], pack["author"]) if word)
        line = f"pack {pack['name']} {pack['version']}" + (f" ({about})" if about else "")
        output.results().print(line, soft_wrap=True, markup=False)
    _tell(result, "created", "revised", "unchanged")


def _tell(result: Json, *words: str) -> None:
    for word in words:
        slugs = result.get(word) or []
        output.results().print(f"{word} {len(slugs)}: {', '.join(slugs) or '–'}", soft_wrap=True)


def _tell_proposed(result: Json) -> None:
    texts = result["texts"]
    for word in ("proposed", "known", "waiting", "unchanged"):
        slugs = [one["slug"] for one in texts if one["outcome"] == word]
        output.results().print(f"{word} {len(slugs)}: {', '.join(slugs) or '–'}", soft_wrap=True)


app.command("watch")(library.watch)
app.command("mirror")(library.mirror)
