"""Run the embedder: ``python -m apps.integrations.embeddings.local --port 30002``.

Matrices this small gain little from a second core, and on a busy machine threads that wait for
each other cost far more: whoever starts it sets OPENBLAS_NUM_THREADS=1, which numpy reads when
it is loaded.
"""

import sys
from typing import Annotated

import typer
import uvicorn

from apps.integrations.embeddings.local.app import create_app
from apps.integrations.embeddings.local.installed import ModelMissing
from apps.integrations.embeddings.local.model import MiniLM


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 30002,
) -> None:
    """Serve vectors of texts, made on this machine."""
    try:
        model = MiniLM()
    except ModelMissing as exc:
        sys.exit(f"{exc} See docs/retrieval.md.")
    model.embed([model.tokens("the first request is not to pay for the start")])
    uvicorn.run(
        create_app(model),
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    typer.run(serve)
