"""Passing a provider's answer on: bytes as they come, the end exactly as it was.

Every byte is in the spool before it is sent. The end record is written before the last thing
the caller sees, so that a turn whose end was seen is recorded as complete. A stream that the
provider cuts off ends in an error event and a broken connection, never in a clean end.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

import aiohttp
from django.conf import settings
from yarl import URL

from apps.core import guard
from apps.proxy.gateway.dialects import Dialect
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.upstream_http import headers_down
from apps.upstreams.types import UpstreamConnection

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Up to this size an answer of known length is sent in one piece.
_WHOLE_BYTES = 1024 * 1024
_MARK_BYTES = 32


class StreamCut(Exception):
    """The provider's answer broke off after its first byte."""


@lru_cache(4096)
def _check_literal(url: str) -> None:
    """The part of the guard that depends on the URL alone; refusals are not remembered.

    What a name resolves to is checked when connecting.
    """
    guard.check_url(url)


async def open_upstream(
    client: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: list[tuple[str, str]],
    body: bytes | None,
    upstream: UpstreamConnection,
) -> aiohttp.ClientResponse:
    """Send the request and wait for the answer's headers. Raises Refusal 502 or 504.

    Tried again once, and only when no connection came about: then nothing was sent.
    """
    for attempt in (1, 2):
        try:
            _check_literal(url)
            async with asyncio.timeout(settings.METACLAW_FIRST_BYTE_TIMEOUT_SECONDS):
                return await client.request(
                    method,
                    URL(url, encoded=True),
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                )
        except guard.AddressRefused as exc:
            raise Refusal(502, "upstream_refused", f"{upstream.name}: {exc}") from exc
        except aiohttp.ClientConnectorError as exc:
            if attempt == 2 or isinstance(exc, aiohttp.ClientConnectorDNSError):
                raise Refusal(
                    502,
                    "upstream_unreachable",
                    f"The provider {upstream.name} cannot be reached:"
                    f" {exc.os_error.strerror or exc.os_error}.",
                ) from exc
        except TimeoutError as exc:
            raise Refusal(
                504, "upstream_timeout", f"The provider {upstream.name} did not answer in time."
            ) from exc
        except (aiohttp.ClientError, ValueError) as exc:
            raise Refusal(
                502,
                "upstream_failed",
                f"The provider {upstream.name} closed the connection without an answer.",
            ) from exc
    raise AssertionError("unreachable")


async def relay(
    response: aiohttp.ClientResponse,
    send: Send,
    turn: TurnInFlight,
    dialect: Dialect,
    own_headers: list[tuple[bytes, bytes]],
) -> None:
    """Pass the answer on and record it. Raises StreamCut after telling the caller."""
    headers = headers_down(response) + own_headers
    encoding = response.headers.get("content-encoding", "")
    length = response.content_length
    is_stream = response.content_type == "text/event-stream"
    if not is_stream and length is not None and length <= _WHOLE_BYTES:
        await _relay_whole(response, send, turn, headers, encoding)
        return
    if is_stream:
        headers.append((b"x-accel-buffering", b"no"))
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    # Where the caller gets a readable stream, its own end mark says when it is whole.
    has_marks = is_stream and not encoding and response.status < 400
    tail = b"\n"
    has_started = False
    try:
        async for data in response.content.iter_any():
            turn.mark("first_byte")
            tail = (tail + data)[-len(data) - _MARK_BYTES :]
            if has_marks and dialect.ends_in(tail):
                # Many clients hang up at the mark: it must be on record before they see it.
                turn.end(status="complete", http_status=response.status, data=data)
            else:
                turn.chunk(data)
            if not has_started:
                await send(start)
                has_started = True
            await send({"type": "http.response.body", "body": data, "more_body": True})
        _check_end(response, is_missing=has_marks and not turn.has_ended)
    except (aiohttp.ClientError, TimeoutError) as exc:
        _record_cut(turn, response.status, encoding, exc)
        if not has_started:
            raise Refusal(502, "upstream_failed", _reason(exc)) from exc
        if has_marks:
            event = dialect.error_event(_reason(exc), "upstream_stream_cut")
            await send({"type": "http.response.body", "body": event, "more_body": True})
        raise StreamCut from exc
    turn.end(
        status="truncated_upstream" if has_marks else _status(response.status),
        http_status=response.status,
        encoding=encoding,
        error={"type": "no_end", "message": "The stream has no end mark."} if has_marks else None,
    )
    if not has_started:
        await send(start)
    # A caller misses the end mark if there was none; the bytes are passed on as they were.
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _relay_whole(
    response: aiohttp.ClientResponse,
    send: Send,
    turn: TurnInFlight,
    headers: list[tuple[bytes, bytes]],
    encoding: str,
) -> None:
    try:
        data = await response.read()
    except (aiohttp.ClientError, TimeoutError) as exc:
        _record_cut(turn, response.status, encoding, exc)
        raise Refusal(502, "upstream_failed", _reason(exc)) from exc
    turn.mark("first_byte")
    turn.end(
        status=_status(response.status), http_status=response.status, data=data, encoding=encoding
    )
    headers.append((b"content-length", str(len(data)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


def _record_cut(turn: TurnInFlight, http_status: int, encoding: str, exc: Exception) -> None:
    turn.end(
        status="truncated_upstream",
        http_status=http_status,
        encoding=encoding,
        error={"type": "stream_cut", "message": _reason(exc)},
    )


def _check_end(response: aiohttp.ClientResponse, *, is_missing: bool) -> None:
    """Raise where nothing but the end of the connection ended the answer: that is a cut."""
    chunked = "chunked" in response.headers.get("transfer-encoding", "").lower()
    if is_missing and not chunked and response.content_length is None:
        raise aiohttp.ClientPayloadError("closed without an end mark")


def _status(http_status: int) -> str:
    return "complete" if http_status < 400 else "upstream_error"


def _reason(exc: Exception) -> str:
    if isinstance(exc, TimeoutError):
        return "The provider stopped sending in the middle of its answer."
    return "The provider's answer broke off."
