"""Passing a provider's answer on: bytes as they come, the end exactly as it was.

Every byte is in the spool before it is sent. The end record is written before the last thing
the caller sees, so that a turn whose end was seen is recorded as complete. A stream that the
provider cuts off ends in an error event and a broken connection, never in a clean end.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import aiohttp

from apps.proxy.gateway.dialects import Dialect, EndFinder
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.upstream_http import headers_down

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Up to this size an answer of known length is sent in one piece.
_WHOLE_BYTES = 1024 * 1024
_STOPPING = "The gateway is being restarted and could not wait for the end of this answer."


class StreamCut(Exception):
    """The answer broke off after its first byte."""


async def relay(
    response: aiohttp.ClientResponse,
    send: Send,
    turn: TurnInFlight,
    dialect: Dialect,
    own_headers: list[tuple[bytes, bytes]],
) -> None:
    """Pass the answer on and record it. Raises StreamCut after telling the caller."""
    headers = headers_down(response.headers) + own_headers
    length = response.content_length
    is_stream = response.content_type == "text/event-stream"
    if not is_stream and length is not None and length <= _WHOLE_BYTES:
        await _relay_whole(response, send, turn, headers)
        return
    if is_stream:
        headers.append((b"x-accel-buffering", b"no"))
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    encoding = response.headers.get("content-encoding", "")
    # Where the caller gets a readable stream, its own end mark says when it is whole.
    has_marks = is_stream and not encoding and response.status < 400
    await Stream(send, turn, start, dialect).relay(response, has_marks=has_marks)


class Stream:
    """An answer in pieces on its way to one caller."""

    def __init__(
        self, send: Send, turn: TurnInFlight, start: MutableMapping[str, Any], dialect: Dialect
    ) -> None:
        self._send = send
        self._turn = turn
        self._start = start
        self._dialect = dialect
        self._has_started = False

    async def relay(self, response: aiohttp.ClientResponse, *, has_marks: bool) -> None:
        """Pass on what comes until it ends, in whatever way that is."""
        turn, status = self._turn, response.status
        encoding = response.headers.get("content-encoding", "")
        end = EndFinder(self._dialect)
        try:
            async for data in response.content.iter_any():
                turn.mark("first_byte")
                # Many clients hang up at the mark: it must be on record before they see it.
                await self.pass_on(data, status, is_end=has_marks and end.feed(data))
            check_end(response, is_missing=has_marks and not end.is_found)
            if end.has_mark:
                turn.end(status="complete", http_status=status)
        except (aiohttp.ClientError, TimeoutError) as exc:
            # Behind the last event an error event would only end that event's line.
            await self.cut(exc, status, encoding, has_marks=has_marks and not end.has_mark)
        except asyncio.CancelledError:
            await self.stop(has_marks=has_marks)
            raise
        await self.finish(status, encoding, is_marked=has_marks)

    async def pass_on(self, data: bytes, status: int, *, is_end: bool = False) -> None:
        """Record some bytes and send them; with ``is_end`` the turn is complete by them."""
        if is_end:
            self._turn.end(status="complete", http_status=status, data=data)
        else:
            self._turn.chunk(data)
        if not self._has_started:
            self._has_started = True
            await self._send(self._start)
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def cut(self, exc: Exception, status: int, encoding: str, *, has_marks: bool) -> None:
        """The provider broke off: say so, in a way that nobody takes for an end."""
        record_cut(self._turn, status, encoding, exc)
        if not self._has_started:
            raise Refusal(502, "upstream_failed", reason_of(exc)) from exc
        if has_marks:
            await self._say(self._dialect.error_event(reason_of(exc), "upstream_stream_cut"))
        raise StreamCut from exc

    async def stop(self, *, has_marks: bool) -> None:
        """The work was cancelled: by the caller's leaving, or because the process ends."""
        if self._turn.is_stopping and self._has_started and has_marks:
            error = {"type": "gateway_stopped", "message": _STOPPING}
            self._turn.end(status="truncated_crash", http_status=200, error=error)
            await self._say(self._dialect.error_event(_STOPPING, "gateway_stopped"))

    async def finish(self, status: int, encoding: str, *, is_marked: bool) -> None:
        """The provider's answer is over, as HTTP goes."""
        self._turn.end(
            status="truncated_upstream" if is_marked else status_of(status),
            http_status=status,
            encoding=encoding,
            error={"type": "no_end", "message": "The stream has no end mark."}
            if is_marked
            else None,
        )
        if not self._has_started:
            await self._send(self._start)
        # A caller misses the end mark if there was none; the bytes are passed on as they were.
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _say(self, event: bytes) -> None:
        await self._send({"type": "http.response.body", "body": event, "more_body": True})


async def _relay_whole(
    response: aiohttp.ClientResponse,
    send: Send,
    turn: TurnInFlight,
    headers: list[tuple[bytes, bytes]],
) -> None:
    encoding = response.headers.get("content-encoding", "")
    data = await read_whole(response, turn, encoding)
    turn.mark("first_byte")
    turn.end(
        status=status_of(response.status),
        http_status=response.status,
        data=data,
        encoding=encoding,
    )
    await send_whole(send, response.status, headers, data)


async def read_whole(
    response: aiohttp.ClientResponse, turn: TurnInFlight, encoding: str = ""
) -> bytes:
    """All of an answer. Raises Refusal 502, with the cut on record."""
    try:
        return await response.read()
    except (aiohttp.ClientError, TimeoutError) as exc:
        record_cut(turn, response.status, encoding, exc)
        raise Refusal(502, "upstream_failed", reason_of(exc)) from exc


async def send_whole(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], data: bytes
) -> None:
    headers.append((b"content-length", str(len(data)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


def record_cut(turn: TurnInFlight, http_status: int, encoding: str, exc: Exception) -> None:
    turn.end(
        status="truncated_upstream",
        http_status=http_status,
        encoding=encoding,
        error={"type": "stream_cut", "message": reason_of(exc)},
    )


def check_end(response: aiohttp.ClientResponse, *, is_missing: bool) -> None:
    """Raise where nothing but the end of the connection ended the answer: that is a cut."""
    chunked = "chunked" in response.headers.get("transfer-encoding", "").lower()
    if is_missing and not chunked and response.content_length is None:
        raise aiohttp.ClientPayloadError("closed without an end mark")


def status_of(http_status: int) -> str:
    return "complete" if http_status < 400 else "upstream_error"


def reason_of(exc: Exception) -> str:
    if isinstance(exc, TimeoutError):
        return "The provider stopped sending in the middle of its answer."
    return "The provider's answer broke off."
