"""Requests that are under way, for whoever waits for the first one of an agent.

The recorder reads of a request as soon as it begins. While somebody looks at the page that waits
for one, it says so here, in Redis; nobody else's requests are written down. What is lost with
Redis is only the moments in between: the turn itself is recorded all the same.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson
import redis
from redis.exceptions import RedisError

from apps.core.bell import redis_client

logger = logging.getLogger(__name__)

_AWAITED_SECONDS = 60
_KEPT_SECONDS = 600
_AWAY_SECONDS = 3.0


class Arrivals:
    """One per process. Never raises: with Redis away, nobody waits and nothing is under way."""

    def __init__(self) -> None:
        self._redis: redis.Redis = redis_client()
        self._away_until = 0.0

    def wait(self, tenant_id: UUID) -> None:
        """Somebody looks at this workspace's arrivals, for the next minute at least."""
        self._run(lambda: self._redis.set(_awaited(tenant_id), 1, ex=_AWAITED_SECONDS))

    def awaited(self, tenant_ids: Iterable[str]) -> set[str]:
        """Those of them that somebody waits for."""
        wanted = list(tenant_ids)
        found = self._run(lambda: self._redis.mget([_awaited(one) for one in wanted]))
        return {one for one, flag in zip(wanted, found or (), strict=False) if flag}

    def keep(self, tenant_id: str, arrival: dict[str, Any]) -> None:
        text = orjson.dumps(arrival)
        self._run(lambda: self._redis.set(_latest(tenant_id), text, ex=_KEPT_SECONDS))

    def latest(self, tenant_id: UUID) -> dict[str, Any] | None:
        """The request that was seen last."""
        found = self._run(lambda: self._redis.get(_latest(tenant_id)))
        if not isinstance(found, bytes):
            return None
        read: dict[str, Any] = orjson.loads(found)
        return read

    def _run(self, ask: Any) -> Any:
        if time.monotonic() < self._away_until:
            return None
        try:
            return ask()
        except (RedisError, OSError) as exc:
            self._away_until = time.monotonic() + _AWAY_SECONDS
            logger.info("proxy.arrivals_away", extra={"reason": exc})
            return None


# Named by the workspace, so that they go with it.
def _awaited(tenant_id: UUID | str) -> str:
    return f"t:{tenant_id}:awaited"


def _latest(tenant_id: UUID | str) -> str:
    return f"t:{tenant_id}:arrival"
