"""`metaclaw demo`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from apps.integrations.practice.tasks import FAMILIES, WORDINGS
from metaclaw_web.cli import output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi
from metaclaw_web.cli.demo.play import Play, Settings
from metaclaw_web.cli.demo.report import Report, table_of, verdict_of
from metaclaw_web.cli.demo.trainer import local_trainer
from metaclaw_web.cli.demo.training import Trained, TrainingAct
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.gateway import Gateway


def demo(
    ctx: typer.Context,
    rounds: Annotated[int, typer.Option(min=2, max=7, help="The first is “before”.")] = 3,
    rules: Annotated[int, typer.Option(min=1, max=len(FAMILIES), help="House rules.")] = 5,
    tasks: Annotated[int, typer.Option(min=1, max=5, help="Tasks per rule and round.")] = 2,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for each wait.")] = 120,
    seed: Annotated[int, typer.Option(min=0, help="Other wordings.")] = 0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write the result here.")
    ] = None,
    *,
    approve: Annotated[
        bool, typer.Option(help="Approve the proposals; else wait for a person.")
    ] = True,
    train: Annotated[
        bool, typer.Option("--train", help="Then train a policy on this machine (needs torch).")
    ] = False,
) -> None:
    """Play an agent that stops repeating its mistakes.

    Exit status: 0 the agent got better (or was perfect before and after), 1 it did not, 2 the demo
    could not run.
    """
    if rounds * tasks > WORDINGS:
        raise CliError(f"There are {WORDINGS} wordings per rule: use fewer rounds or tasks.")
    connection: Connection = ctx.obj.load()
    settings = Settings(
        rounds=rounds,
        families=FAMILIES[:rules],
        tasks_per_round=tasks,
        seed=seed,
        does_approve=approve,
        timeout_seconds=timeout,
        console_url=connection.console_url,
    )
    with Gateway(connection) as gateway, ConsoleApi(connection) as console:
        report = Play(settings, gateway, console, output.remarks()).run()
        _show(report, json_file)
        trained = _train(gateway, console, timeout) if train else None
    is_success = report.is_success and (trained is None or trained.is_success)
    raise typer.Exit(0 if is_success else 1)


def _train(gateway: Gateway, console: ConsoleApi, timeout: float) -> Trained:
    act = TrainingAct(gateway, console, output.remarks(), timeout_seconds=timeout)
    with local_trainer() as trainer:
        trained = act.play(trainer)
    output.results().print(
        f"Trained: reward {trained.first:.2f} before, {trained.last:.2f} after"
        f" {trained.steps} steps; served under a model name of its own."
    )
    return trained


def _show(report: Report, json_file: Path | None) -> None:
    screen = output.results()
    screen.print(table_of(report))
    screen.print(verdict_of(report), soft_wrap=True)
    screen.print(f"{report.seconds:.0f} s.")
    if json_file is None:
        return
    try:
        json_file.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    except OSError as exc:
        raise CliError(f"{json_file} cannot be written: {exc.strerror}.") from exc
