"""What a gateway process keeps in memory: keys, providers and live skills by tenant.

Loaded on a tenant's first request, then kept fresh by a push through Redis and, because
pushes may be lost, by comparing version numbers with Postgres every second or so. Serving
reads memory only. With Postgres away a process goes on with what it has for a while.
"""

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import redis.asyncio
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from apps.core import crypto
from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.proxy.gateway.placing import Block, block
from apps.proxy.gateway.refusal import KeyRefused, Refusal
from apps.skills.choosing import Shelf, shelf_of
from apps.skills.injection_text import render_block
from apps.skills.references import names_in, told_once
from apps.skills.selectors import library_get
from apps.skills.types import Library, LiveSkill
from apps.tenants import keys as key_texts
from apps.tenants import selectors as tenants
from apps.tenants.types import CONFIG_CHANNEL, KeyGrant, KeyHolder, SecretMatch, TenantConfig
from apps.upstreams.route_table import RouteTable
from apps.upstreams.selectors import connection_find, route_table
from apps.upstreams.types import UpstreamConnection
from apps.usage.selectors import limit_rules
from apps.usage.types import LimitRules

logger = logging.getLogger(__name__)
T = TypeVar("T")

STALE_AFTER_SECONDS = 900.0
_POLL_SECONDS = 2.0
_POLL_WITHOUT_PUSH_SECONDS = 0.5
_VERIFIED_MAX = 20_000
_UNKNOWN_FOR_SECONDS = 1.0
_UNKNOWN_MAX = 10_000
_BLOCKS_MAX = 1_000


# New ones each time: one that is raised again and again keeps every frame that it went through.
def unavailable() -> Refusal:
    return Refusal(
        503,
        "gateway_unavailable",
        "The gateway cannot check this key right now. Try again in a moment.",
        (("retry-after", "2"),),
    )


def wrong_key() -> Refusal:
    return Refusal(
        401,
        "invalid_api_key",
        "This is not a valid MetaClaw API key. Create one in the console under Keys.",
    )


def _refused(holder: KeyHolder | None) -> Refusal:
    """What a key is told that cannot be used; its workspace, if it has one, gets to see why."""
    if holder is None:
        return wrong_key()
    return KeyRefused(wrong_key(), holder.tenant_id, holder.key_id, holder.why_not)


@dataclass(slots=True)
class TenantSnapshot:
    """One tenant as this process knows it."""

    config: TenantConfig
    grants: dict[str, KeyGrant]
    routes: RouteTable
    serving: UpstreamConnection | None
    shelf: Shelf
    limits: LimitRules
    checked_at: float = field(default_factory=time.monotonic)
    _blocks: dict[tuple[object, ...], Block] = field(default_factory=dict)

    @property
    def library(self) -> Library:
        return self.shelf.library

    @property
    def by_version(self) -> Mapping[str, LiveSkill]:
        """The live skills and those on trial."""
        return self.shelf.by_version

    def block_of(self, skills: Sequence[LiveSkill], above: Sequence[LiveSkill] = ()) -> Block:
        """The text that carries these skills into a prompt; put together once.

        ``above``: skills that stand further up in it. Empty where those bring all of it.
        """
        standing = names_in(above) if self.shelf.is_composed else frozenset()
        versions = (standing, *(skill.version_id for skill in skills))
        found = self._blocks.get(versions)
        if found is None:
            if len(self._blocks) >= _BLOCKS_MAX:
                self._blocks.clear()
            found = self._blocks[versions] = block(render_block(told_once(skills, standing)))
        return found


def load(tenant_id: UUID) -> TenantSnapshot:
    """Read everything a gateway needs of a tenant, in one transaction."""
    with tenant_tx(tenant_id):
        config = tenants.tenant_config(tenant_id=tenant_id)
        grants = tenants.key_grants(tenant_id=tenant_id, at=now())
        routes = route_table(tenant_id=tenant_id)
        serving = connection_find(tenant_id=tenant_id, use="serve")
        library = library_get(tenant_id=tenant_id)
        limits = limit_rules(tenant_id=tenant_id)
    return TenantSnapshot(
        config=config,
        grants={grant.public_id: grant for grant in grants},
        routes=routes,
        serving=serving,
        shelf=shelf_of(library),
        limits=limits,
    )


class Snapshots:
    """All tenants this process has served, and the tasks that keep them fresh."""

    def __init__(self) -> None:
        self._tenants: dict[UUID, TenantSnapshot] = {}
        # By the whole digest of the key's text: two keys never share an entry.
        self._verified: OrderedDict[bytes, tuple[KeyGrant, SecretMatch]] = OrderedDict()
        self._unknown: OrderedDict[str, tuple[float, KeyHolder | None]] = OrderedDict()
        self._loading: dict[UUID, asyncio.Task[TenantSnapshot]] = {}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="snapshots")
        self._tasks: list[asyncio.Task[None]] = []
        self.push_works = False

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._compare_forever()),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def authenticate(self, text: str) -> tuple[KeyGrant, TenantSnapshot]:
        """The grant and tenant behind a key's text. Raises Refusal 401 or 503."""
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        verified = self._verified.get(digest)
        if verified is not None:
            grant, match = verified
            snapshot = self._tenants.get(grant.tenant_id)
            if snapshot is not None and snapshot.grants.get(grant.public_id) is grant:
                return self._current(grant, match, snapshot)
        return await self._verify(text, digest)

    async def _verify(self, text: str, digest: bytes) -> tuple[KeyGrant, TenantSnapshot]:
        key = key_texts.parse(text)
        if key is None:
            raise wrong_key()
        snapshot = self._holder_of(key.public_id) or await self._find(key.public_id)
        grant = snapshot.grants.get(key.public_id)
        computed = crypto.keyed_digest(settings.METACLAW_KEY_PEPPER, key.secret)
        match = grant.secret_matches(computed) if grant else None
        if grant is None:
            raise wrong_key()
        if match is None:
            raise KeyRefused(wrong_key(), grant.tenant_id, grant.key_id, "wrong_secret")
        self._verified[digest] = grant, match
        while len(self._verified) > _VERIFIED_MAX:
            self._verified.popitem(last=False)
        return self._current(grant, match, snapshot)

    def _current(
        self, grant: KeyGrant, match: SecretMatch, snapshot: TenantSnapshot
    ) -> tuple[KeyGrant, TenantSnapshot]:
        if not match.is_usable(now()):
            why = "key_expired" if match.until == grant.expires_at else "secret_replaced"
            raise KeyRefused(wrong_key(), grant.tenant_id, grant.key_id, why)
        if time.monotonic() - snapshot.checked_at > STALE_AFTER_SECONDS:
            raise unavailable()
        return grant, snapshot

    def _holder_of(self, public_id: str) -> TenantSnapshot | None:
        return next((t for t in self._tenants.values() if public_id in t.grants), None)

    async def _find(self, public_id: str) -> TenantSnapshot:
        """Ask Postgres whose key this is; wrong ids are remembered for a second."""
        until, known = self._unknown.get(public_id, (0.0, None))
        if until > time.monotonic():
            raise _refused(known)
        try:
            holder = await self._in_thread(
                lambda: tenants.key_holder_find(public_id=public_id, at=now())
            )
            if holder is not None and not holder.why_not:
                return await self.refresh(holder.tenant_id)
        except DatabaseError as exc:
            raise unavailable() from exc
        self._unknown[public_id] = time.monotonic() + _UNKNOWN_FOR_SECONDS, holder
        while len(self._unknown) > _UNKNOWN_MAX:
            self._unknown.popitem(last=False)
        raise _refused(holder)

    async def refresh(self, tenant_id: UUID) -> TenantSnapshot:
        """Load a tenant anew; callers at the same time share one load.

        One that runs already may have read the state before the change its caller knows of.
        """
        running = self._loading.get(tenant_id)
        if running is not None:
            await asyncio.wait((running,))
        task = self._loading.get(tenant_id)
        if task is None:
            task = asyncio.create_task(self._load(tenant_id))
            self._loading[tenant_id] = task
            task.add_done_callback(lambda _: self._loading.pop(tenant_id, None))
        return await asyncio.shield(task)

    async def _load(self, tenant_id: UUID) -> TenantSnapshot:
        snapshot = await self._in_thread(lambda: load(tenant_id))
        self._tenants[tenant_id] = snapshot
        return snapshot

    async def _in_thread(self, read: Callable[[], T]) -> T:
        def run() -> T:
            close_old_connections()
            return read()

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    async def _listen(self) -> None:
        """Reload a tenant as soon as somebody says that it changed."""
        while True:
            try:
                client = redis.asyncio.Redis.from_url(
                    settings.REDIS_URL, socket_connect_timeout=1, health_check_interval=10
                )
                async with client, client.pubsub() as pubsub:
                    await pubsub.subscribe(CONFIG_CHANNEL)
                    self.push_works = True
                    # Whatever was said before the subscription was missed.
                    await self._compare()
                    async for message in pubsub.listen():
                        if message["type"] == "message":
                            await self._heard(message["data"].decode())
            except Exception as exc:  # the edge of the task: it must outlive any one failure
                logger.warning("gateway.push_lost", extra={"reason": exc})
            self.push_works = False
            await asyncio.sleep(1)

    async def _heard(self, tenant_id: str) -> None:
        known = UUID(tenant_id)
        if known in self._tenants:
            await self.refresh(known)
        self._unknown.clear()

    async def _compare_forever(self) -> None:
        while True:
            await asyncio.sleep(_POLL_SECONDS if self.push_works else _POLL_WITHOUT_PUSH_SECONDS)
            try:
                await self._compare()
            except Exception as exc:  # the edge of the task: without it, changes go unseen
                logger.warning("gateway.compare_failed", extra={"reason": exc})

    async def _compare(self) -> None:
        """Reload the tenants whose configuration moved."""
        known = list(self._tenants)
        if not known:
            return
        versions = await self._in_thread(lambda: tenants.config_versions(tenant_ids=known))
        for tenant_id in known:
            snapshot = self._tenants.get(tenant_id)
            if snapshot is None:
                continue
            if tenant_id not in versions:
                del self._tenants[tenant_id]
            elif versions[tenant_id] != snapshot.config.config_version:
                await self.refresh(tenant_id)
            else:
                snapshot.checked_at = time.monotonic()
