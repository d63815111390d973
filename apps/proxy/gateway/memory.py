"""What gateway processes know of each other's conversations: skills pinned, ends reached.

A session may be served by any process, and a process may be replaced at any moment. What one
of them knows of a conversation is handed to the others through Redis, behind the request's
back. A request that goes on from something unknown here asks Redis, then Postgres, each with
a short deadline; a conversation that begins asks nobody.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

import orjson
import redis.asyncio
from django.conf import settings
from django.db import close_old_connections
from redis.exceptions import RedisError

from apps.core.tenancy import tenant_tx
from apps.trajectories.selectors import session_find_by_end, session_pins

logger = logging.getLogger(__name__)
T = TypeVar("T")

_REDIS_SECONDS = 0.05
_POSTGRES_SECONDS = 0.25
# Whoever did not answer in time is left alone for a while.
_AWAY_SECONDS = 3.0
_FLUSH_SECONDS = 0.02
_PENDING_MAX = 20_000
_PINS_TTL = 6 * 3600
_ENDS_TTL = 3600
# So far back a conversation is looked for: a client may have resent without its last answers.
_LOOK_BACK = 12


class SharedMemory:
    """One per process. Never raises: with nobody to ask, nothing is known."""

    def __init__(self) -> None:
        self._redis: redis.asyncio.Redis | None = None
        self._pending: dict[str, tuple[bytes, int]] = {}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="memory")
        self._task: asyncio.Task[None] | None = None
        self._away: dict[str, float] = {}

    def start(self) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5
        )
        self._task = asyncio.create_task(self._flush_forever())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._redis is not None:
            await self._flush()
            with suppress(RedisError, OSError):
                await self._redis.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def keep_pins(self, tenant_id: UUID, session_id: UUID, pins: dict[str, Any]) -> None:
        """Hand a session's pins to the other processes, soon."""
        self._keep(_pins_key(tenant_id, session_id), orjson.dumps(pins), _PINS_TTL)

    def keep_end(self, tenant_id: UUID, agent: str, end: bytes, session_id: UUID) -> None:
        """Tell the other processes where a conversation without a name stands, soon."""
        self._keep(_end_key(tenant_id, agent, end), session_id.bytes, _ENDS_TTL)

    async def pins(self, tenant_id: UUID, session_id: UUID) -> dict[str, Any] | None:
        """The pins of a session that this process does not know."""
        client = self._redis
        if client is not None:
            key = _pins_key(tenant_id, session_id)
            found = await self._ask("redis", lambda: client.get(key), _REDIS_SECONDS)
            if found:
                read: dict[str, Any] = orjson.loads(found)
                return read

        def look() -> dict[str, Any] | None:
            with tenant_tx(tenant_id):
                return session_pins(tenant_id=tenant_id, session_id=session_id)

        return await self._ask("postgres", lambda: self._in_thread(look), _POSTGRES_SECONDS)

    async def session_at(self, tenant_id: UUID, agent: str, ends: Sequence[bytes]) -> UUID | None:
        """The session of an agent that came to the last of these points of a conversation."""
        wanted = list(reversed(ends[-_LOOK_BACK:]))
        client = self._redis
        if not wanted or client is None:
            return None
        keys = [_end_key(tenant_id, agent, end) for end in wanted]
        found = await self._ask("redis", lambda: client.mget(keys), _REDIS_SECONDS)
        known = next((one for one in found or () if isinstance(one, bytes)), None)
        if known is not None:
            return UUID(bytes=known)

        def look() -> UUID | None:
            with tenant_tx(tenant_id):
                return session_find_by_end(tenant_id=tenant_id, agent=agent, ends=wanted)

        return await self._ask("postgres", lambda: self._in_thread(look), _POSTGRES_SECONDS)

    def _keep(self, key: str, value: bytes, ttl: int) -> None:
        if len(self._pending) < _PENDING_MAX:
            self._pending[key] = (value, ttl)

    async def _ask(self, whom: str, ask: Callable[[], Awaitable[T]], seconds: float) -> T | None:
        if self._away.get(whom, 0.0) > time.monotonic():
            return None
        try:
            async with asyncio.timeout(seconds):
                return await ask()
        except Exception as exc:  # the edge: an answer that may be missing must not fail a request
            self._away[whom] = time.monotonic() + _AWAY_SECONDS
            logger.warning("gateway.memory_away", extra={"who": whom, "reason": exc})
            return None

    async def _in_thread(self, look: Callable[[], T]) -> T:
        def run() -> T:
            close_old_connections()
            return look()

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    async def _flush_forever(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            if self._pending:
                await self._flush()

    async def _flush(self) -> None:
        pending, self._pending = self._pending, {}
        if not pending or self._redis is None:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for key, (value, ttl) in pending.items():
                    pipeline.set(key, value, ex=ttl)
                await pipeline.execute()
        except (RedisError, OSError) as exc:
            # What is lost here is found in Postgres, where turns carry their session's pins.
            logger.warning("gateway.memory_lost", extra={"reason": exc})
            await asyncio.sleep(1)


def _pins_key(tenant_id: UUID, session_id: UUID) -> str:
    return f"metaclaw:pins:{tenant_id.hex}:{session_id.hex}"


def _end_key(tenant_id: UUID, agent: str, end: bytes) -> str:
    return f"metaclaw:end:{tenant_id.hex}:{end.hex()}:{agent}"
