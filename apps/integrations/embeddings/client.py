"""Turning text into vectors through any OpenAI-compatible embeddings endpoint.

The endpoint belongs to the installation (METACLAW_EMBEDDINGS_*), not to a tenant: its address is
the operator's word and may be on this machine, where the embedder of ``local`` listens.
https://platform.openai.com/docs/api-reference/embeddings
"""

from collections.abc import Sequence
from functools import cache

import httpx2
from django.conf import settings

from apps.core.errors import UpstreamFailed
from apps.core.said import say
from apps.integrations.guarded_http import operator_client

Vector = tuple[float, ...]

TEXT_CHARACTERS = 8_000
TIMEOUT_SECONDS = 10.0
# For the background: a batch of long texts on a busy machine.
_BATCH_TIMEOUT_SECONDS = 60.0
# Whoever searches sees the results by words rather than wait any longer.
_QUERY_TIMEOUT_SECONDS = 2.0


def is_configured() -> bool:
    return bool(settings.METACLAW_EMBEDDINGS_URL)


def embed(texts: Sequence[str]) -> list[Vector]:
    """Vectors of the texts, in order. Raises UpstreamFailed."""
    import openai  # takes long to load; see apps.integrations.llm.client

    try:
        with openai.OpenAI(
            base_url=settings.METACLAW_EMBEDDINGS_URL,
            api_key=settings.METACLAW_EMBEDDINGS_KEY or "none",
            max_retries=0,
            http_client=operator_client(_BATCH_TIMEOUT_SECONDS),
        ) as client:
            answer = client.embeddings.create(
                model=settings.METACLAW_EMBEDDINGS_MODEL,
                input=[text[:TEXT_CHARACTERS] for text in texts],
                encoding_format="float",
            )
    except openai.OpenAIError as exc:
        raise _failed(exc) from exc
    rows = sorted(answer.data, key=lambda row: row.index)
    if len(rows) != len(texts):
        raise UpstreamFailed(
            say("embeddings_left_out", "The embeddings endpoint left texts out."), permanent=False
        )
    return [tuple(row.embedding) for row in rows]


def embed_query(text: str) -> Vector:
    """The vector of one short text, for somebody who waits. Raises UpstreamFailed."""
    try:
        answer = _query_client().post(
            f"{settings.METACLAW_EMBEDDINGS_URL.rstrip('/')}/embeddings",
            json={
                "model": settings.METACLAW_EMBEDDINGS_MODEL,
                "input": text[:TEXT_CHARACTERS],
                "encoding_format": "float",
            },
            headers={
                "authorization": f"Bearer {settings.METACLAW_EMBEDDINGS_KEY or 'none'}",
                # Searches are rare: a kept connection would be a broken one by the next.
                "connection": "close",
            },
        )
        answer.raise_for_status()
        return tuple(float(value) for value in answer.json()["data"][0]["embedding"])
    except (httpx2.HTTPError, ValueError, KeyError, IndexError, TypeError) as exc:
        raise _failed(exc) from exc


def _failed(exc: Exception) -> UpstreamFailed:
    failed = say("embeddings_failed", "The embeddings endpoint failed: {why}", why=str(exc))
    return UpstreamFailed(failed, permanent=False)


@cache
def _query_client() -> httpx2.Client:
    # Making one reads all certificates of the system, which takes longer than a vector.
    return operator_client(_QUERY_TIMEOUT_SECONDS)
