"""Vectors for requests on their way through the gateway."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

import aiohttp
import orjson
from django.conf import settings

from apps.integrations.embeddings.client import TEXT_CHARACTERS, TIMEOUT_SECONDS, Vector

_CACHED = 5_000
# More than this many at once would all be late: they wait for each other at the endpoint.
_UNDER_WAY = 8
_BATCH = 64
# Errors of the endpoint, and of what it answers.
_FAILURES = (aiohttp.ClientError, TimeoutError, ValueError, KeyError, IndexError, TypeError)


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
            self._cache.move_to_end(key)
            return found
        task = self._under_way.get(key)
        if task is None:
            if len(self._under_way) >= _UNDER_WAY:
                return None
            task = asyncio.create_task(self._ask_one(text))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._keep(key, done))
        deadline = settings.METACLAW_EMBEDDINGS_DEADLINE_MS / 1000
        done, _ = await asyncio.wait((task,), timeout=deadline)
        return task.result() if done else None

    async def vectors(self, texts: Sequence[str]) -> list[Vector] | None:
        """The vectors of many texts, without a deadline; None if the endpoint fails."""
        found: list[Vector] = []
        try:
            for at in range(0, len(texts), _BATCH):
                found += await self._ask(list(texts[at : at + _BATCH]))
        except _FAILURES:
            return None
        return found

    async def stop(self) -> None:
        """End what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    def _keep(self, key: bytes, task: asyncio.Task[Vector | None]) -> None:
        self._under_way.pop(key, None)
        if task.cancelled():
            return
        vector = task.result()
        if vector is not None:
            self._cache[key] = vector
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)

    async def _ask_one(self, text: str) -> Vector | None:
        try:
            return (await self._ask(text))[0]
        except _FAILURES:
            return None

    async def _ask(self, asked: str | list[str]) -> list[Vector]:
        cut = [text[:TEXT_CHARACTERS] for text in ([asked] if isinstance(asked, str) else asked)]
        async with self._client.post(
            f"{settings.METACLAW_EMBEDDINGS_URL.rstrip('/')}/embeddings",
            json={
                "model": settings.METACLAW_EMBEDDINGS_MODEL,
                "input": cut[0] if isinstance(asked, str) else cut,
                "encoding_format": "float",
            },
            headers={"authorization": f"Bearer {settings.METACLAW_EMBEDDINGS_KEY}"},
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            allow_redirects=False,
        ) as response:
            rows = orjson.loads(await response.read())["data"]
        found = [tuple(row["embedding"]) for row in sorted(rows, key=lambda row: row["index"])]
        if len(found) != len(cut):
            raise ValueError("not a vector for each text")
        return found
