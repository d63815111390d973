"""`metaclaw skills import` and `metaclaw skills export`."""

import io
import zipfile
from pathlib import Path
from typing import Annotated

import typer

from metaclaw_web.cli import output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.errors import CliError

app = typer.Typer(no_args_is_help=True)


@app.command("import")
def import_skills(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="A SKILL.md, a .zip, or a folder of skills.")],
) -> None:
    """Add skills to the workspace, or new versions of those it has."""
    connection: Connection = ctx.obj.load()
    file_name, content = _upload_of(path)
    with ConsoleApi(connection) as console:
        result = console.upload("skills/import/", file_name, content)
    for word in ("created", "revised", "unchanged"):
        slugs = result.get(word) or []
        output.results().print(f"{word} {len(slugs)}: {', '.join(slugs) or '–'}", soft_wrap=True)


@app.command("export")
def export_skills(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="The .zip file to write.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write every live skill of the workspace into a .zip file."""
    connection: Connection = ctx.obj.load()
    if path.exists() and not force:
        raise CliError(f"{path} exists already.", "Choose another name or say --force.")
    with ConsoleApi(connection) as console:
        content = console.download("skills/export/")
    try:
        path.write_bytes(content)
    except OSError as exc:
        raise CliError(f"{path} cannot be written: {exc.strerror}.") from exc
    output.results().print(f"{path}: {len(content)} bytes", soft_wrap=True)


def _upload_of(path: Path) -> tuple[str, bytes]:
    if path.is_dir():
        return f"{path.resolve().name}.zip", _zipped(path)
    if path.suffix not in (".md", ".zip"):
        raise CliError(f"{path} is neither a folder nor a .md or .zip file.")
    try:
        return path.name, path.read_bytes()
    except OSError as exc:
        raise CliError(f"{path} cannot be read: {exc.strerror}.") from exc


def _zipped(folder: Path) -> bytes:
    files = sorted(file for file in folder.rglob("*.md") if file.is_file())
    if not files:
        raise CliError(f"{folder} holds no .md file.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.relative_to(folder).as_posix())
    return buffer.getvalue()
