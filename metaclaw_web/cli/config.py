"""`metaclaw config show` and `env`."""

import shlex
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from metaclaw_web.cli import output

app = typer.Typer(no_args_is_help=True)

_SECRETS = ("api_key", "admin_key", "password")


@app.command("show")
def show(
    ctx: typer.Context,
    *,
    secret: Annotated[bool, typer.Option("--secret", help="Show keys and password too.")] = False,
) -> None:
    """Print where the stack is."""
    table = Table(show_header=False, box=None)
    for name, value in asdict(ctx.obj.load()).items():
        hidden = name in _SECRETS and value and not secret
        shown = f"…{value[-4:]} (--secret shows it)" if hidden and name != "password" else value
        table.add_row(name, "(--secret shows it)" if hidden and name == "password" else shown)
    output.results().print(table)


@app.command("env")
def env(ctx: typer.Context) -> None:
    """Print the connection as shell variables, keys too: `eval "$(metaclaw config env)"`."""
    connection = ctx.obj.load()
    for name in ("console_url", "gateway_url", "tenant", "api_key", "admin_key"):
        typer.echo(f"export METACLAW_{name.upper()}={shlex.quote(getattr(connection, name))}")
