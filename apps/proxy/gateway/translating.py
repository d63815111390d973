"""Passing an answer on in another dialect than the provider's.

What is recorded is what the caller gets. Nothing is waited for but the event in hand.
"""

import asyncio

import aiohttp
import orjson

from apps.dialects import StreamTranslator, Translation, UnreadableAnswer
from apps.proxy.gateway.dialects import Dialect
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import (
    Send,
    Stream,
    read_whole,
    send_whole,
    status_of,
)
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.upstream_http import headers_down

_OF_THE_BODY = frozenset({b"content-type", b"content-encoding", b"content-length"})


async def relay_translated(
    response: aiohttp.ClientResponse,
    send: Send,
    turn: TurnInFlight,
    dialect: Dialect,
    own_headers: list[tuple[bytes, bytes]],
    translation: Translation,
) -> None:
    """Translate the answer, pass it on and record it. Raises StreamCut, Refusal."""
    kept = [one for one in headers_down(response.headers) if one[0] not in _OF_THE_BODY]
    headers = kept + own_headers
    if translation.left_out:
        headers.append((b"x-metaclaw-left-out", ", ".join(translation.left_out).encode()))
    if response.content_type != "text/event-stream":
        await _relay_whole(response, send, turn, headers, translation)
        return
    headers += [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"x-accel-buffering", b"no"),
    ]
    start = {"type": "http.response.start", "status": response.status, "headers": headers}
    stream = Stream(send, turn, start, dialect)
    try:
        await _relay_stream(response, stream, turn, translation.stream())
    except (aiohttp.ClientError, TimeoutError) as exc:
        await stream.cut(exc, response.status, "", has_marks=True)
    except asyncio.CancelledError:
        await stream.stop(has_marks=True)
        raise
    await stream.finish(response.status, "", is_marked=True)


async def _relay_stream(
    response: aiohttp.ClientResponse,
    stream: Stream,
    turn: TurnInFlight,
    translator: StreamTranslator,
) -> None:
    """Raises aiohttp.ClientError where the answer has no end."""
    async for data in response.content.iter_any():
        turn.mark("first_byte")
        said = translator.feed(data)
        if said:
            await stream.pass_on(said, response.status, is_end=translator.is_complete)
        if translator.error is not None:
            # The caller has the error in its own dialect by now.
            error = {"type": "upstream_error", "message": "The provider ended with an error."}
            turn.end(status="upstream_error", http_status=response.status, error=error)
            return
    rest = translator.end()
    if rest:
        await stream.pass_on(rest, response.status, is_end=translator.is_complete)
    if not translator.is_complete:
        raise aiohttp.ClientPayloadError("closed without an end mark")


async def _relay_whole(
    response: aiohttp.ClientResponse,
    send: Send,
    turn: TurnInFlight,
    headers: list[tuple[bytes, bytes]],
    translation: Translation,
) -> None:
    data = await read_whole(response, turn)
    turn.mark("first_byte")
    if response.status >= 400:
        answer = translation.error(response.status, data)
    else:
        try:
            answer = orjson.dumps(translation.answer(orjson.loads(data)))
        except (orjson.JSONDecodeError, TypeError, UnreadableAnswer) as exc:
            message = "The provider's answer cannot be read."
            raise Refusal(502, "upstream_failed", message) from exc
    turn.end(status=status_of(response.status), http_status=response.status, data=answer)
    headers.append((b"content-type", b"application/json"))
    await send_whole(send, response.status, headers, answer)
