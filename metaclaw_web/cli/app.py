"""The commands and the options they share."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from metaclaw_web.cli import ask, config, output, skills, status, training, verify_export
from metaclaw_web.cli.connect import command as connect_command
from metaclaw_web.cli.connection import Connection, ConnectionSource
from metaclaw_web.cli.demo import command as demo
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.presence import command as presence_command


class _Commands(TyperGroup):
    """Says what went wrong in a sentence; a stack trace means a bug of ours."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CliError as exc:
            remarks = output.remarks()
            remarks.print(f"[red]{escape(exc.message)}[/red]", soft_wrap=True)
            if exc.hint:
                remarks.print(escape(exc.hint), soft_wrap=True)
            raise typer.Exit(exc.exit_code) from None


# The data folder of this checkout, wherever the command is called from.
_VAR = Path(__file__).resolve().parents[2] / "var"

app = typer.Typer(
    cls=_Commands,
    name="metaclaw",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Talk to a running MetaClaw Web stack.",
)


@app.callback()
def read_options(  # one parameter per option is how typer reads them
    ctx: typer.Context,
    first_run: Annotated[
        Path | None,
        typer.Option(help="The first-run.json of the stack; default: in the data folder."),
    ] = None,
    var_dir: Annotated[
        Path, typer.Option(envvar="METACLAW_VAR_DIR", help="The data folder of the stack.")
    ] = _VAR,
    console_url: Annotated[str, typer.Option(envvar="METACLAW_CONSOLE_URL")] = "",
    gateway_url: Annotated[str, typer.Option(envvar="METACLAW_GATEWAY_URL")] = "",
    tenant: Annotated[str, typer.Option(envvar="METACLAW_TENANT", help="Workspace slug.")] = "",
    api_key: Annotated[
        str,
        typer.Option(envvar="METACLAW_API_KEY", help="Key for the gateway.", show_default=False),
    ] = "",
    admin_key: Annotated[
        str, typer.Option(envvar="METACLAW_ADMIN_KEY", help="Key for REST.", show_default=False)
    ] = "",
) -> None:
    ctx.obj = ConnectionSource(
        first_run=first_run or var_dir / "first-run.json",
        is_file_named=first_run is not None,
        overrides=Connection(console_url, gateway_url, tenant, api_key, admin_key),
    )


app.command("demo")(demo.demo)
app.command("status")(status.status)
app.command("ask")(ask.ask)
app.command("connect")(connect_command.connect)
app.command("rollout")(training.rollout)
app.command("train-step")(training.train_step)
app.command("presence")(presence_command.presence)
app.command("verify-export")(verify_export.verify_export)
app.add_typer(skills.app, name="skills", help="Move skills in and out of the workspace.")
app.add_typer(config.app, name="config", help="Look at the connection settings.")
