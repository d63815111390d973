import asyncio
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from redis.exceptions import RedisError

from apps.core.errors import NotFound
from apps.live.events import Topic, group_for, is_for, latest_number
from apps.tenants.errors import SecondFactorNeeded
from apps.tenants.selectors.sign_in import is_signed_in, membership_open

log = logging.getLogger(__name__)

CLOSE_SIGNED_OUT = 4401
CLOSE_SHUT = 4403
CLOSE_NOT_FOUND = 4404
_CHECK_AGAIN_SECONDS = 15
_MEMBERS_CHANGED: Topic = "tenants.member"


class TenantConsumer(AsyncJsonWebsocketConsumer):
    """One socket per open console tab. It only listens: the browser never sends.

    Channels authenticates once, at the handshake; membership is checked again whenever that of
    anybody changes, and with the session every few seconds, so that who was removed or signed
    out elsewhere stops hearing. Every few
    seconds, and first of all, it says the number of the latest event: a browser that was cut off
    knows from it whether it missed any.
    """

    tenant_id: UUID | None = None
    user_id: UUID
    role: str
    watch: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        user = self.scope["user"]
        if user is None or not user.is_authenticated:
            return await self._refuse(CLOSE_SIGNED_OUT)
        self.user_id = user.pk
        try:
            self.tenant_id = await self._member_of()
        except NotFound:
            return await self._refuse(CLOSE_NOT_FOUND)
        except SecondFactorNeeded:
            return await self._refuse(CLOSE_SHUT)
        await self.channel_layer.group_add(group_for(self.tenant_id), self.channel_name)
        await self.accept()
        await self._say_number(self.tenant_id)
        self.watch = asyncio.create_task(self._check_again())

    async def _member_of(self) -> UUID:
        membership = await database_sync_to_async(membership_open)(
            user_id=self.user_id,
            tenant_slug=self.scope["url_route"]["kwargs"]["tenant_slug"],
        )
        self.role = membership.role
        return membership.tenant_id

    async def _refuse(self, code: int) -> None:
        # Accept first: a browser cannot read the close code of a refused handshake.
        await self.accept()
        await self.close(code)

    async def _check_again(self) -> None:
        while True:
            await asyncio.sleep(_CHECK_AGAIN_SECONDS)
            if not await self._is_signed_in():
                return await self.close(CLOSE_SIGNED_OUT)
            try:
                tenant_id = await self._member_of()
            except NotFound:
                return await self.close(CLOSE_NOT_FOUND)
            except SecondFactorNeeded:
                return await self.close(CLOSE_SHUT)
            await self._say_number(tenant_id)

    async def _is_signed_in(self) -> bool:
        """Whether the session that opened the socket still is one: it may be ended elsewhere."""
        session_key = self.scope["session"].session_key
        return await database_sync_to_async(is_signed_in)(
            user_id=self.user_id, session_key=session_key
        )

    async def _say_number(self, tenant_id: UUID) -> None:
        try:
            number = await latest_number(tenant_id)
        except RedisError as exc:
            # Nothing is announced meanwhile either; the next look tells what was missed.
            log.info("the number of the latest event cannot be read: %r", exc)
        else:
            await self.send_json({"latest": number})

    async def disconnect(self, code: int) -> None:
        if self.watch is not None:
            self.watch.cancel()
            with suppress(asyncio.CancelledError):
                await self.watch
        if self.tenant_id is not None:
            await self.channel_layer.group_discard(group_for(self.tenant_id), self.channel_name)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Whatever the browser sends is ignored, before anybody tries to read it as JSON."""

    async def live_changed(self, message: dict[str, Any]) -> None:
        if message["tenant"] != str(self.tenant_id):
            return
        event = message["event"]
        if event["topic"] == _MEMBERS_CHANGED and (code := await self._why_not_theirs()):
            # Before the event: it is not theirs to hear any more.
            return await self.close(code)
        if not is_for(self.role, event["topic"]):
            # Its number alone: a page that misses one would ask for everything.
            event = {"seq": event["seq"]}
        await self.send_json(event)

    async def _why_not_theirs(self) -> int | None:
        try:
            await self._member_of()
        except NotFound:
            return CLOSE_NOT_FOUND
        except SecondFactorNeeded:
            return CLOSE_SHUT
        return None
