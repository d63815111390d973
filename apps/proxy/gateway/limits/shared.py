"""The counters in Redis, asked by one gateway process.

Requests that come while Redis answers wait for its next turn together: many of them cost one
round trip, a single one its own.
"""

import asyncio
import logging
import time
from collections import defaultdict
from contextlib import suppress
from typing import Any
from uuid import UUID

import redis.asyncio
from django.conf import settings
from redis.exceptions import NoScriptError, RedisError

from apps.usage.counters.operations import SCRIPT, Operation, answers, arguments

logger = logging.getLogger(__name__)

_DEADLINE_SECONDS = 0.5
# Whoever did not answer in time is left alone for a while.
_AWAY_SECONDS = 3.0
_PENDING_MAX = 20_000

Answer = list[Any]


class CountersAway(Exception):
    """Redis did not answer in time, or not at all."""


class SharedCounters:
    """One per process."""

    def __init__(self) -> None:
        self._redis: redis.asyncio.Redis | None = None
        self._sha = ""
        self._pending: dict[UUID, list[tuple[Operation, asyncio.Future[Answer] | None]]] = (
            defaultdict(list)
        )
        self._count = 0
        self._has_work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._away_until = 0.0

    def start(self) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=_DEADLINE_SECONDS, socket_timeout=1.0
        )
        self._task = asyncio.create_task(self._work_forever())

    async def stop(self) -> None:
        """Say what is still to be said, and go."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._redis is not None:
            await self._work()
            with suppress(RedisError, OSError):
                await self._redis.aclose()

    @property
    def is_away(self) -> bool:
        return self._away_until > time.monotonic()

    async def ask(self, tenant_id: UUID, operation: Operation) -> Answer:
        """Raises CountersAway."""
        if self.is_away or self._count >= _PENDING_MAX:
            raise CountersAway
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._add(tenant_id, operation, answer)
        return await answer

    def tell(self, tenant_id: UUID, operation: Operation) -> None:
        """Without an answer; never raises. What is lost here runs out by itself."""
        if not self.is_away and self._count < _PENDING_MAX:
            self._add(tenant_id, operation, None)

    def _add(
        self, tenant_id: UUID, operation: Operation, answer: asyncio.Future[Answer] | None
    ) -> None:
        self._pending[tenant_id].append((operation, answer))
        self._count += 1
        self._has_work.set()

    async def _work_forever(self) -> None:
        while True:
            await self._has_work.wait()
            await self._work()

    async def _work(self) -> None:
        pending, self._pending = self._pending, defaultdict(list)
        self._count = 0
        self._has_work.clear()
        if not pending:
            return
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                for tenant_id, asked in pending.items():
                    found = await self._run(tenant_id, [operation for operation, _ in asked])
                    for (_, waiting), answer in zip(asked, found, strict=True):
                        if waiting is not None and not waiting.done():
                            waiting.set_result(answer)
        except Exception as exc:  # the edge: limits are kept without Redis then
            self._away_until = time.monotonic() + _AWAY_SECONDS
            logger.warning("gateway.limits_away", extra={"reason": repr(exc)[:200]})
        finally:
            for asked in pending.values():
                for _, waiting in asked:
                    if waiting is not None and not waiting.done():
                        waiting.set_exception(CountersAway())

    async def _run(self, tenant_id: UUID, operations: list[Operation]) -> list[Answer]:
        client = self._redis
        if client is None:
            raise CountersAway
        count, *given = arguments(tenant_id, operations)
        if self._sha:
            with suppress(NoScriptError):
                return answers(await client.evalsha(self._sha, int(count), *given))
        # Redis is new to us, or was emptied.
        self._sha = str(await client.script_load(SCRIPT))
        return answers(await client.evalsha(self._sha, int(count), *given))
