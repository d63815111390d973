"""`metaclaw rollout` and `metaclaw train-step`: training from the command line."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from metaclaw_web.cli import output
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.console_api import ConsoleApi, Json
from metaclaw_web.cli.errors import CliError, Refused

POLL_SECONDS = 1.0
# What the trainer itself counts is in the console.
_OF_TRAINER = "trainer."

PolicyName = Annotated[str, typer.Option(help="Its name; not needed where there is just one.")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Stay until it is over.")]


def rollout(
    ctx: typer.Context,
    tasks: Annotated[Path, typer.Argument(help="The tasks: a JSON object a line.")],
    *,
    policy: PolicyName = "",
    name: Annotated[str, typer.Option(help="Of the task set; default: the file's name.")] = "",
    groups: Annotated[int, typer.Option(help="How many tasks; default: each once.")] = 0,
    group_size: Annotated[int, typer.Option(help="Answers to each; default: the policy's.")] = 0,
    concurrency: Annotated[int, typer.Option(help="Prompts at the same time.")] = 8,
    checkpoint: Annotated[str, typer.Option(help="Its id; default: the base model.")] = "",
    wait: Wait = True,
) -> None:
    """Have a policy answer the tasks of a file; exit 1 when nothing came of it."""
    connection: Connection = ctx.obj.load()
    content = _read(tasks)
    with ConsoleApi(connection) as console:
        found = _policy(console, policy)
        wish: Json = {
            "policy": found["id"],
            "task_set": _upload(console, name or tasks.stem[:80], tasks.name, content),
            "concurrency": concurrency,
        }
        chosen = {"groups": groups, "group_size": group_size, "checkpoint": checkpoint}
        asked = console.post("training/rollouts/", wish | {k: v for k, v in chosen.items() if v})
        path = f"training/rollouts/{asked['id']}/"
        ended = ("done", "failed", "cancelled")
        row = _until(console, path, lambda one: one["status"] in ended) if wait else asked
    _tell_rollout(row)
    if row["status"] in ("failed", "cancelled"):
        raise typer.Exit(1)


def train_step(ctx: typer.Context, *, policy: PolicyName = "", wait: Wait = True) -> None:
    """One optimizer step on what may be trained on, now; exit 1 when there was none."""
    connection: Connection = ctx.obj.load()
    with ConsoleApi(connection) as console:
        found = _policy(console, policy)
        job = console.post(f"training/policies/{found['id']}/train-step/")
        if wait:
            path = f"training/jobs/{job['id']}/"
            job = _until(console, path, lambda one: _is_over(one["status"]))
    _tell_job(job)
    if wait and not _confirmed(job):
        raise typer.Exit(1)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise CliError(f"{path} cannot be read: {exc.strerror}.") from exc


def _policy(console: ConsoleApi, name: str) -> Json:
    policies = list(console.pages("training/policies/", most=1_000))
    named = [one for one in policies if name in ("", one["name"])]
    if len(named) == 1:
        return named[0]
    known = ", ".join(sorted(one["name"] for one in policies)) or "none"
    if name:
        raise CliError(f"There is no policy {name}.", f"There is: {known}.")
    raise CliError("Say which policy, with --policy.", f"There is: {known}.")


def _upload(console: ConsoleApi, name: str, file_name: str, content: bytes) -> str:
    """The id of the task set of this name, which has these tasks from now on."""
    try:
        made = console.upload("training/task-sets/", file_name, content, name=name)
    except Refused as exc:
        if exc.code != "task_set_taken":
            raise
        sets = console.pages("training/task-sets/", most=10_000)
        known = next(one["id"] for one in sets if one["name"] == name)
        made = console.upload(f"training/task-sets/{known}/", file_name, content, method="PUT")
    return str(made["id"])


def _until(console: ConsoleApi, path: str, is_over: Callable[[Json], bool]) -> Json:
    said = ""
    while not is_over(row := console.get(path)):
        now = _standing(row)
        if now != said:
            output.remarks().print(now, soft_wrap=True, markup=False)
            said = now
        time.sleep(POLL_SECONDS)
    return row


def _standing(row: Json) -> str:
    if "waiting" in row:
        return f"{row['status']}: {row['played']} played, {row['waiting']} to go"
    return f"{row['status']} {row['note']}".strip()


def _tell_rollout(row: Json) -> None:
    lines = [f"rollout {row['id']}: {row['status']}"]
    lines.append(f"played {row['played']}, failed {row['failed']}, waiting {row['waiting']}")
    if row["mean_reward"] is not None:
        lines.append(f"mean reward {row['mean_reward']:+.3f}")
    lines.append(f"tokens {row['tokens']}")
    if row["note"]:
        lines.append(row["note"])
    for line in lines:
        output.results().print(line, soft_wrap=True, markup=False)


def _is_over(status: str) -> bool:
    # Paused: it waits for samples, budget or a person, and the one who asked should hear of it.
    return status in ("done", "failed", "cancelled", "paused", "gating")


def _confirmed(job: Json) -> list[Json]:
    return [step for step in job.get("steps", ()) if step["status"] == "confirmed"]


def _tell_job(job: Json) -> None:
    lines = [f"job {job['id']}: {job['status']}"] + ([job["note"]] if job["note"] else [])
    for step in _confirmed(job):
        told = {k: v for k, v in step["metrics"].items() if not k.startswith(_OF_TRAINER)}
        numbers = ", ".join(f"{name} {told[name]:.4g}" for name in sorted(told))
        lines.append(f"step {step['number']}, {step['tokens']} tokens: {numbers}")
    for line in lines:
        output.results().print(line, soft_wrap=True, markup=False)
