"""Run it: ``python -m apps.integrations.tinker.policy --port 30004``.

It needs no settings: whoever starts it says whether private addresses may be called.
"""

from typing import Annotated

import typer
import uvicorn
from django.conf import settings

from apps.integrations.tinker.policy.app import create_app
from apps.integrations.tinker.policy.confining import confine
from apps.integrations.tinker.policy.policies import Policies


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 30004,
    *,
    allow_private: Annotated[
        bool,
        typer.Option(
            envvar="METACLAW_ALLOW_PRIVATE_UPSTREAMS",
            help="Whether trainers may be on this machine or network.",
        ),
    ] = False,
) -> None:
    """Answer chat completions from policies behind the Tinker API, with tokens."""
    settings.configure(METACLAW_ALLOW_PRIVATE_UPSTREAMS=allow_private)
    confine()
    uvicorn.run(
        create_app(Policies()),
        host=host,
        port=port,
        # Sockets of Python's own, which the hook sees.
        loop="asyncio",
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    typer.run(serve)
