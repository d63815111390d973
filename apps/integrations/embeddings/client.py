"""Turning text into vectors through any OpenAI-compatible embeddings endpoint.

The endpoint belongs to the installation (METACLAW_EMBEDDINGS_*), not to a tenant.
https://platform.openai.com/docs/api-reference/embeddings
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import aiohttp
import openai
from django.conf import settings

from apps.core.errors import UpstreamFailed
from apps.integrations.guarded_http import guarded_client

Vector = tuple[float, ...]

_TEXT_CHARACTERS = 8_000
_CACHED = 5_000
_TIMEOUT_SECONDS = 10.0


def is_configured() -> bool:
    return bool(settings.METACLAW_EMBEDDINGS_URL)


def embed(texts: Sequence[str]) -> list[Vector]:
    """Vectors of the texts, in order. Raises UpstreamFailed."""
    try:
        with openai.OpenAI(
            base_url=settings.METACLAW_EMBEDDINGS_URL,
            api_key=settings.METACLAW_EMBEDDINGS_KEY or "none",
            max_retries=0,
            http_client=guarded_client(_TIMEOUT_SECONDS),
        ) as client:
            answer = client.embeddings.create(
                model=settings.METACLAW_EMBEDDINGS_MODEL,
                input=[text[:_TEXT_CHARACTERS] for text in texts],
                encoding_format="float",
            )
    except openai.OpenAIError as exc:
        raise UpstreamFailed(f"The embeddings endpoint failed: {exc}", permanent=False) from exc
    return [tuple(row.embedding) for row in sorted(answer.data, key=lambda row: row.index)]


class QueryEmbedder:
    """Vectors for requests on their way: within a deadline, or not at all.

    What comes too late for this request is there for the next one with the same text.
    """

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client
        self._cache: OrderedDict[bytes, Vector] = OrderedDict()
        self._under_way: dict[bytes, asyncio.Task[Vector | None]] = {}

    async def vector(self, text: str) -> Vector | None:
        """The vector of ``text``, or None if there is none within the deadline."""
        key = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
        found = self._cache.get(key)
        if found is not None:
            return found
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(text))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._keep(key, done))
        deadline = settings.METACLAW_EMBEDDINGS_DEADLINE_MS / 1000
        done, _ = await asyncio.wait((task,), timeout=deadline)
        return task.result() if done else None

    def _keep(self, key: bytes, task: asyncio.Task[Vector | None]) -> None:
        self._under_way.pop(key, None)
        if task.cancelled():
            return
        vector = task.result()
        if vector is not None:
            self._cache[key] = vector
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)

    async def _ask(self, text: str) -> Vector | None:
        try:
            async with self._client.post(
                f"{settings.METACLAW_EMBEDDINGS_URL.rstrip('/')}/embeddings",
                json={
                    "model": settings.METACLAW_EMBEDDINGS_MODEL,
                    "input": text[:_TEXT_CHARACTERS],
                    "encoding_format": "float",
                },
                headers={"authorization": f"Bearer {settings.METACLAW_EMBEDDINGS_KEY}"},
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS),
                allow_redirects=False,
            ) as response:
                body = await response.json()
                return tuple(body["data"][0]["embedding"])
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, IndexError, TypeError):
            return None
