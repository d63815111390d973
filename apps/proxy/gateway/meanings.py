"""What requests mean, where embeddings are configured: in time, or not at all."""

import asyncio
import logging

from apps.integrations.embeddings.query import QueryEmbedder
from apps.skills.meaning import Everyday, Meaning, ends_of, everyday_requests, query_text

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 5.0
_RETRY_MOST_SECONDS = 300.0
# An agent at work sends the same message again and again.
_KNOWN_MOST = 2_000


class Meanings:
    """The meaning of what users ask.

    The vectors of everyday requests are fetched once, in the background; until they are there,
    as while the endpoint is away, words decide alone.
    """

    def __init__(self, embedder: QueryEmbedder) -> None:
        self._embedder = embedder
        self._everyday: Everyday | None = None
        self._loading: asyncio.Task[None] | None = None
        self._known: dict[str, Meaning] = {}

    def start(self) -> None:
        self._loading = asyncio.create_task(self._load())

    async def stop(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait((self._loading,))
        await self._embedder.stop()

    async def of(self, text: str) -> Meaning | None:
        """The meaning of what a user said; None if it is not known within the deadline."""
        if self._everyday is None or not text:
            return None
        short = ends_of(text)
        found = self._known.get(short)
        if found is not None:
            return found
        asked = query_text(short)
        vector = await self._embedder.vector(asked) if asked else None
        found = None if vector is None else self._everyday.meaning_of(vector)
        if found is not None:
            if len(self._known) >= _KNOWN_MOST:
                self._known.clear()
            self._known[short] = found
        return found

    async def _load(self) -> None:
        pause = _RETRY_SECONDS
        while True:
            vectors = await self._embedder.vectors(everyday_requests())
            if vectors is not None:
                self._everyday = Everyday(vectors)
                logger.info("gateway.meanings_ready")
                return
            logger.warning("gateway.embeddings_unreachable", extra={"retry_seconds": pause})
            await asyncio.sleep(pause)
            pause = min(pause * 2, _RETRY_MOST_SECONDS)
