"""One HTTP request and its answer over raw ASGI."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from typing import Any

from apps.integrations.practice.errors import Refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY_BYTES = 32 * 1024 * 1024


class ClientGone(Exception):
    """The client closed the connection: nobody is left to answer."""


class Exchange:
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self._headers: dict[bytes, bytes] = dict(scope["headers"])
        self._receive = receive
        self._send = send

    def header(self, name: str) -> str | None:
        value = self._headers.get(name.encode())
        return None if value is None else value.decode("latin-1")

    async def body(self) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > MAX_BODY_BYTES:
                raise Refusal(413, "The request body is too large.")
            if not message.get("more_body", False):
                return b"".join(parts)

    async def wait(self, seconds: float) -> None:
        """Pause; raises ClientGone as soon as the client leaves. Only after the body was read."""
        receiving = asyncio.ensure_future(self._receive())
        done, _ = await asyncio.wait({receiving}, timeout=seconds)
        receiving.cancel()
        with suppress(asyncio.CancelledError):
            await receiving
        if done:
            raise ClientGone

    async def json(
        self,
        status: int,
        payload: Any,
        headers: Iterable[tuple[str, str]] = (),
        *,
        is_cut: bool = False,
    ) -> None:
        body = json.dumps(payload, ensure_ascii=False).encode(errors="replace")
        await self._start(
            status,
            [("content-type", "application/json"), ("content-length", str(len(body))), *headers],
        )
        if is_cut:
            body = body[: len(body) // 2]
        await self._send({"type": "http.response.body", "body": body, "more_body": is_cut})

    async def stream(
        self, events: Iterable[bytes], *, pause_seconds: float, is_cut: bool = False
    ) -> None:
        """Send server-sent events with a pause between them.

        A cut stream stops half-way without its end mark; the server then drops the connection,
        which is what a dying provider looks like.
        """
        pieces = list(events)
        await self._start(
            200,
            [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache")],
        )
        for piece in pieces[: len(pieces) // 2] if is_cut else pieces:
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            await self.wait(pause_seconds)
        if not is_cut:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self, status: int, headers: list[tuple[str, str]]) -> None:
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        await self._send({"type": "http.response.start", "status": status, "headers": encoded})
