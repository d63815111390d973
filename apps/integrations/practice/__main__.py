"""Run the practice model: ``python -m apps.integrations.practice --port 30001``."""

from typing import Annotated

import typer
import uvicorn

from apps.integrations.practice.app import create_app


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 30001,
    delay_ms: Annotated[
        int,
        typer.Option(
            min=0,
            max=10_000,
            envvar="METACLAW_PRACTICE_DELAY_MS",
            help="Pause between two pieces of a stream.",
        ),
    ] = 5,
) -> None:
    """Serve the simulated model provider of MetaClaw Web."""
    app = create_app(pause_seconds=delay_ms / 1000)
    # A client in the "hang" mode must not keep the stack from stopping.
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    typer.run(serve)
