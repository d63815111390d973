"""Vectors for requests on their way through the gateway."""

import asyncio
import hashlib
from collections import OrderedDict

import aiohttp
from django.conf import settings

from apps.integrations.embeddings.client import TEXT_CHARACTERS, TIMEOUT_SECONDS, Vector

_CACHED = 5_000


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
                    "input": text[:TEXT_CHARACTERS],
                    "encoding_format": "float",
                },
                headers={"authorization": f"Bearer {settings.METACLAW_EMBEDDINGS_KEY}"},
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                allow_redirects=False,
            ) as response:
                body = await response.json()
                return tuple(body["data"][0]["embedding"])
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, IndexError, TypeError):
            return None
