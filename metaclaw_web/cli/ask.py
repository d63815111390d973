"""`metaclaw ask`: one chat through the gateway."""

from typing import Annotated

import typer

from metaclaw_web.cli import output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.gateway import ChatTask, Gateway


def ask(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="What to say.")],
    model: Annotated[str, typer.Option(help="Default: the model the workspace serves.")] = "",
    session: Annotated[str, typer.Option(help="Continue under this session id.")] = "",
    *,
    anthropic: Annotated[bool, typer.Option("--anthropic", help="Speak that dialect.")] = False,
) -> None:
    """Send one message through the gateway and print the answer as it comes."""
    connection: Connection = ctx.obj.load()
    with Gateway(connection) as gateway:
        task = ChatTask(
            model=model or served_model(connection, gateway),
            messages=(("user", text),),
            dialect="anthropic" if anthropic else "openai",
            session_id=session,
        )
        answer = gateway.chat(task, on_text=lambda piece: typer.echo(piece, nl=False))
    typer.echo()
    remarks = output.remarks()
    for name, value in answer.headers:
        remarks.print(f"{name}: {value}", style="dim", markup=False)


def served_model(connection: Connection, gateway: Gateway) -> str:
    """The model that the workspace's own configuration names, else the provider's first."""
    # A provider's list may begin with a model that cannot chat, so the workspace is asked first.
    if connection.admin_key and connection.console_url:
        with ConsoleApi(connection) as console:
            serving = console.get("overview/").get("serving")
        if serving:
            return str(serving["model"])
    return gateway.first_model()
