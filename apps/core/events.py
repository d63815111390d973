"""Telling browsers that something changed.

Events are sent by services, on commit. They say *what* changed and carry no content: the
browser asks the API again, which checks access. Losing one is harmless: the browser sees
the gap in ``seq``, or hears the latest number a little later, and asks for everything.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Literal
from uuid import UUID
from weakref import WeakKeyDictionary

import redis.asyncio
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

from apps.core.bell import ring_gathered, ring_on_commit

Topic = Literal[
    "trajectories.turn",
    "trajectories.score",
    "trajectories.session",
    "evolution.proposal",
    "skills.skill",
    "upstreams.upstream",
    "upstreams.route",
    "evolution.replay",
    "evolution.canary",
    "evolution.run",
    "exports.export",
    "evolution.annotation",
    "training.policy",
    "training.job",
    "training.checkpoint",
    "training.window",
    "training.rollout",
    "training.task_set",
    "training.calendar",
    "tenants.member",
    "tenants.invitation",
    "tenants.key",
    "tenants.settings",
    "tenants.audit",
    "evolution.review_policy",
    "jobs.job",
    "proxy.arrival",
    "demo.load",
]

_GATHERED_MS = 1000


@dataclass(frozen=True, slots=True)
class Changed:
    """A row changed."""

    topic: Topic
    id: str
    status: str


def group_for(tenant_id: UUID) -> str:
    """The one name of a tenant's group; made here from the id, never from a client's text."""
    return f"tenant.{tenant_id}"


async def latest_number(tenant_id: UUID) -> int:
    """The number of the tenant's latest event; a browser that has seen it has missed none."""
    return int(await _client().get(_counter(tenant_id)) or 0)


def publish_on_commit(tenant_id: UUID, event: Changed) -> None:
    """Send ``event`` to the tenant's open sockets once the transaction commits."""
    ring_on_commit(_ring_of(tenant_id, event))


def publish_gathered(tenant_id: UUID, event: Changed) -> None:
    """The same for what changes many times a second: once a second at the most, from all processes.

    It comes after all that it stands for, and names no row: ``id`` is empty.
    """
    name = f"{_counter(tenant_id)}:{event.topic}"
    send = _ring_of(tenant_id, event)

    async def ring() -> None:
        if await _client().set(name, 1, nx=True, px=_GATHERED_MS):
            await send()
        else:  # another process has just said so, perhaps before our change
            ring_gathered(name, ring)

    transaction.on_commit(lambda: ring_gathered(name, ring), robust=True)


def _ring_of(tenant_id: UUID, event: Changed) -> Callable[[], Awaitable[None]]:
    async def ring() -> None:
        layer = get_channel_layer()
        assert layer is not None  # CHANNEL_LAYERS is set in every environment
        message = {
            "type": "live.changed",
            "tenant": str(tenant_id),
            "event": asdict(event) | {"seq": await _next_number(tenant_id)},
        }
        await layer.group_send(group_for(tenant_id), message)

    return ring


async def _next_number(tenant_id: UUID) -> int:
    return int(await _client().incr(_counter(tenant_id)))


def _counter(tenant_id: UUID) -> str:
    return f"t:{tenant_id}:live"


# The bell thread has one event loop for its life; a connection made on it stays usable there.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


def _client() -> redis.asyncio.Redis:
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=settings.REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=settings.REDIS_TIMEOUT_SECONDS,
        )
    return client
