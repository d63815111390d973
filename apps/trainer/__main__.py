"""Run the trainer: ``python -m apps.trainer --data DIR``."""

import fcntl
import logging
import sys
from pathlib import Path
from typing import Annotated

import torch
import typer
from aiohttp import web

from apps.trainer import DEMO_MODEL
from apps.trainer.engine.bases import Bases
from apps.trainer.http.app import create_app
from apps.trainer.keys import BadKeys, Keys, key_add
from apps.trainer.models.demo import ensure_demo
from apps.trainer.store import open_store


def serve(
    data: Annotated[Path, typer.Option(help="Folder for everything that must last.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 30003,
    keys: Annotated[
        Path | None, typer.Option(help="Lines of a tenant and a key's SHA-256 (DATA/keys).")
    ] = None,
    key: Annotated[
        str,
        typer.Option(envvar="METACLAW_TRAINER_KEY", help="A single key, of the tenant 'local'."),
    ] = "",
    new_key: Annotated[
        str, typer.Option(metavar="TENANT", help="Add a key, print it, and end.")
    ] = "",
    model: Annotated[
        list[str] | None, typer.Option(metavar="NAME=DIR", help="A model folder to serve, too.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, or cuda.")] = "cpu",
    threads: Annotated[int, typer.Option(min=1, help="Threads of torch.")] = 1,
    adapters: Annotated[int, typer.Option(min=1, help="Adapters kept in memory.")] = 32,
) -> None:
    """Serve the Tinker API from this machine."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    key_file = keys or data / "keys"
    try:
        if new_key:
            typer.echo(key_add(key_file, new_key))
            return
        known = Keys(key_file, key)
        if not len(known):
            typer.echo(f"A first key, of the tenant 'local': {key_add(key_file, 'local')}")
        folders = _folders(data, model or [])
    except (BadKeys, ValueError) as exc:
        sys.exit(str(exc))
    torch.set_num_threads(threads)
    # Held until the process ends, however it does.
    lock = (data / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another trainer works in {data}.")
    app = create_app(
        open_store(data),
        Bases(folders, torch.device(device)),
        known,
        most_adapters=adapters,
    )
    web.run_app(
        app,
        host=host,
        port=port,
        access_log=None,
        print=None,
        shutdown_timeout=2,
        # A caller that hangs up ends its sampling; what was accepted is done all the same.
        handler_cancellation=True,
    )


def _folders(data: Path, given: list[str]) -> dict[str, Path]:
    if ":" in str(data):
        raise ValueError("The data folder's path must not hold a colon: the SDK cuts it there.")
    folders = {DEMO_MODEL: ensure_demo(data / "models" / "demo-1")}
    for pair in given:
        name, _, folder = pair.partition("=")
        path = Path(folder).expanduser().resolve()
        if not name or ":" in pair or ";" in pair or not (path / "config.json").is_file():
            raise ValueError(f"--model {pair}: expected NAME=DIR, a folder with a config.json.")
        folders[name] = path
    return folders


if __name__ == "__main__":
    typer.run(serve)
