"""Ringing bells without ever waiting for them.

A bell tells another process that there is something to look at: a due job, a changed row, a
new configuration. Losing one is harmless, because every listener also looks by itself from
time to time. So ringing happens on a thread of its own, and a Redis that is slow, gone or a
black hole neither delays nor fails the caller.
"""

import asyncio
import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Awaitable, Callable

import redis
import redis.asyncio
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)

Ring = Callable[[], Awaitable[None] | None]

_WAITING_MAX = 10_000
_PAUSE_AFTER_FAILURE_SECONDS = 2.0
_FAREWELL_SECONDS = 2.0
_GATHER_SECONDS = 0.5


class _Ringer:
    """One queue and one thread a process; made anew after a fork."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.waiting: queue.Queue[Ring] = queue.Queue(_WAITING_MAX)
        self.silent_until = 0.0
        self.gathering: dict[str, Ring] = {}
        threading.Thread(target=self._run, name="bell", daemon=True).start()

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        while True:
            ring = self.waiting.get()
            try:
                if time.monotonic() >= self.silent_until:
                    result = ring()
                    if result is not None:
                        loop.run_until_complete(asyncio.wait_for(_awaited(result), 2))
            except Exception as exc:  # the edge of the thread: a lost bell must not end it
                self.silent_until = time.monotonic() + _PAUSE_AFTER_FAILURE_SECONDS
                logger.warning("bell.lost", extra={"reason": exc})
            finally:
                self.waiting.task_done()


async def _awaited(result: Awaitable[None]) -> None:
    await result


_ringer: _Ringer | None = None
_ringer_lock = threading.Lock()


def ring_soon(ring: Ring) -> None:
    """Run ``ring`` on the bell thread; drop it when too many are waiting. Never blocks."""
    with _ringer_lock:
        ringer = _own_ringer()
    try:
        ringer.waiting.put_nowait(ring)
    except queue.Full:
        logger.warning("bell.dropped")


def ring_gathered(name: str, ring: Ring) -> None:
    """Ring once for all who ask under this name within half a second, at the end of it.

    For what happens many times a second. The ring comes after everything it stands for.
    """
    with _ringer_lock:
        ringer = _own_ringer()
        is_first = not ringer.gathering
        ringer.gathering.setdefault(name, ring)
    if is_first:
        timer = threading.Timer(_GATHER_SECONDS, _ring_gathered, [ringer])
        timer.daemon = True
        timer.start()


def _ring_gathered(ringer: _Ringer) -> None:
    with _ringer_lock:
        # First: whoever comes while it rings is not heard in it, and asks anew.
        rings = list(ringer.gathering.values())
        ringer.gathering.clear()
    for ring in rings:
        ring_soon(ring)


def _own_ringer() -> _Ringer:
    """This process's; the caller holds the lock."""
    global _ringer
    if _ringer is None or _ringer.pid != os.getpid():
        _ringer = _Ringer()
    return _ringer


def ring_on_commit(ring: Ring) -> None:
    """Ring once the current transaction is committed; not at all if it is rolled back."""
    transaction.on_commit(lambda: ring_soon(ring), robust=True)


def redis_client() -> redis.Redis:
    """A Redis client that gives up quickly."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=settings.REDIS_TIMEOUT_SECONDS,
    )


def publish(channel: str, message: str) -> None:
    """Publish to a Redis channel soon, on the bell thread."""

    def ring() -> None:
        with redis_client() as client:
            client.publish(channel, message)

    ring_soon(ring)


@atexit.register
def _say_farewell() -> None:
    """Let the last bells of a short command out, for a moment."""
    if _ringer is None or _ringer.pid != os.getpid():
        return
    give_up = time.monotonic() + _FAREWELL_SECONDS
    while _ringer.waiting.unfinished_tasks and time.monotonic() < give_up:
        time.sleep(0.01)
