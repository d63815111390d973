"""Passing a provider's answer on: bytes as they come, the end exactly as it was.

Every byte is in the spool before it is sent. The end record is written before the last thing
the caller sees, so that a turn whose end was seen is recorded as complete. A stream that the
provider cuts off ends in an error event and a broken connection, never in a clean end.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import aiohttp
from django.conf import settings

from apps.core import guard
from apps.proxy.gateway.dialects import Dialect
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.upstream_http import headers_down
from apps.upstreams.types import UpstreamConnection

logger = logging.getLogger(__name__)

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Up to this size an answer of known length is sent in one piece.
_WHOLE_BYTES = 1024 * 1024
_TAIL_BYTES = 512


class StreamCut(Exception):
    """The provider's answer broke off after its first byte."""


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
            guard.check_url(url)
            async with asyncio.timeout(settings.METACLAW_FIRST_BYTE_TIMEOUT_SECONDS):
                return await client.request(
                    method, url, headers=headers, data=body, allow_redirects=False
                )
        except guard.AddressRefused as exc:
            raise Refusal(502, "upstream_refused", f"{upstream.name}: {exc}") from exc
        except aiohttp.ClientConnectorError as exc:
            if attempt == 2 or isinstance(exc, aiohttp.ClientConnectorDNSError):
                raise Refusal(
                    502,
                    "upstream_unreachable",
                    f"The provider {upstream.name} cannot be reached: {exc.os_error.strerror}.",
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
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    if is_stream:
        headers.append((b"x-accel-buffering", b"no"))
    tail = b""
    has_started = False
    try:
        async for data in response.content.iter_any():
            turn.chunk(data)
            if not has_started:
                turn.mark("first_byte")
                await send(start)
                has_started = True
            await send({"type": "http.response.body", "body": data, "more_body": True})
            tail = (tail + data)[-_TAIL_BYTES:]
    except (aiohttp.ClientError, TimeoutError) as exc:
        turn.end(
            status="truncated_upstream",
            http_status=response.status,
            encoding=encoding,
            error={"type": "stream_cut", "message": _reason(exc)},
        )
        if not has_started:
            raise Refusal(502, "upstream_failed", _reason(exc)) from exc
        if is_stream and not encoding:
            event = dialect.error_event(_reason(exc), "upstream_stream_cut")
            await send({"type": "http.response.body", "body": event, "more_body": True})
        raise StreamCut from exc
    is_whole = not is_stream or response.status >= 400 or bool(encoding) or _ended(dialect, tail)
    turn.end(
        status=_status(response.status) if is_whole else "truncated_upstream",
        http_status=response.status,
        encoding=encoding,
        error=None if is_whole else {"type": "no_end", "message": "The stream has no end mark."},
    )
    if not has_started:
        await send(start)
    # The caller knows by the missing end mark; the bytes are passed on as they were.
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
        turn.end(
            status="truncated_upstream",
            http_status=response.status,
            error={"type": "answer_cut", "message": _reason(exc)},
        )
        raise Refusal(502, "upstream_failed", _reason(exc)) from exc
    turn.mark("first_byte")
    turn.end(
        status=_status(response.status), http_status=response.status, data=data, encoding=encoding
    )
    headers.append((b"content-length", str(len(data)).encode()))
    await send(
        {"type": "http.response.start", "status": response.status, "headers": headers}
    )
    await send({"type": "http.response.body", "body": data})


def _status(http_status: int) -> str:
    return "complete" if http_status < 400 else "upstream_error"


def _ended(dialect: Dialect, tail: bytes) -> bool:
    return dialect.end_mark in tail or b'"error"' in tail


def _reason(exc: Exception) -> str:
    if isinstance(exc, TimeoutError):
        return "The provider stopped sending in the middle of its answer."
    return "The provider's answer broke off."
