"""`metaclaw status`: does every part answer?"""

import typer
from rich.table import Table

from metaclaw_web.cli import http, output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi, Json
from metaclaw_web.cli.errors import CliError

_QUICK_SECONDS = 5.0


def status(ctx: typer.Context) -> None:
    """Ask gateway and console whether they are well; exit 1 when one is not."""
    connection: Connection = ctx.obj.load()
    rows = [
        ("gateway alive", *_probe("gateway", connection.gateway_url, "/healthz")),
        ("gateway ready", *_probe("gateway", connection.gateway_url, "/readyz")),
        ("console", *_probe("console", connection.console_url, "/api/v1/session/")),
    ]
    if connection.admin_key:
        rows.append(("workspace", *_workspace(connection)))
    table = Table(show_header=False, box=None)
    for name, is_well, detail in rows:
        table.add_row(name, "[green]ok[/green]" if is_well else "[red]no[/red]", detail)
    output.results().print(table)
    if not all(is_well for _, is_well, _ in rows):
        raise typer.Exit(1)


def _probe(what: str, origin: str, path: str) -> tuple[bool, str]:
    if not origin:
        return False, "its address is not known"
    try:
        with (
            http.speaking_to(what, origin),
            http.open_client(origin, read_seconds=_QUICK_SECONDS) as client,
        ):
            response = client.get(path)
    except CliError as exc:
        return False, exc.message
    if response.status_code >= 400:
        return False, f"{origin}{path} answered {response.status_code}"
    return True, origin


def _workspace(connection: Connection) -> tuple[bool, str]:
    try:
        with ConsoleApi(connection) as console:
            overview = console.get("overview/")
    except CliError as exc:
        return False, exc.message
    return True, _summary(connection.tenant, overview)


def _summary(tenant: str, overview: Json) -> str:
    serving = overview.get("serving")
    if serving is None:
        return f"{tenant}: no upstream is set"
    simulated = ", simulated" if serving["is_simulated"] else ""
    return (
        f"{tenant}: serving {serving['model']} ({serving['upstream']}{simulated}); "
        f"{overview['turns']['total_24h']} turns in 24 h, "
        f"{overview['skills']['live']} live skills, "
        f"{overview['review']['pending']} waiting for review"
    )
