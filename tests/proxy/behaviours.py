"""What the scripted provider does with a request, by the name of the model asked for."""

import asyncio
import gzip
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.proxy import recordings

KEY = "sk-provider-secret-0001"


@dataclass
class Received:
    """One request as it came in."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    model: str
    gone: threading.Event = field(default_factory=threading.Event)
    sent_bytes: int = 0
    last_sent_at: float = 0.0

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(found) if found else None

    @property
    def dialect(self) -> str:
        return "anthropic" if "/messages" in self.target else "openai"

    @property
    def wants_stream(self) -> bool:
        return re.search(rb'"stream"\s*:\s*true', self.body) is not None


Handler = Callable[[threading.Event, web.Request, Received, str], Awaitable[web.StreamResponse]]


async def ok(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """A short answer in the dialect and form that was asked for."""
    if received.wants_stream:
        return await _stream(request, received, recordings.stream_of(received.dialect, argument))
    return _json(recordings.whole_of(received.dialect, argument))


async def _paced(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """A stream with a pause of ``argument`` seconds before every event but the first."""
    stream = recordings.stream_of(received.dialect)
    events = [event + b"\n\n" for event in stream.removesuffix(b"\n\n").split(b"\n\n")]
    return await _stream(request, received, *events, pause=float(argument or 0.1))


async def _bytewise(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """A stream, one byte in each write."""
    stream = recordings.stream_of(received.dialect)
    pieces = [stream[at : at + 1] for at in range(len(stream))]
    return await _stream(request, received, *pieces, pause=0.0)


async def _waiting_end(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """A whole stream whose connection stays open for long after its end mark."""
    response = await _begin(request, "text/event-stream")
    await response.write(recordings.stream_of(received.dialect, argument))
    await asyncio.sleep(20)
    return response


async def _cut(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """The first ``argument`` bytes of an answer, then the connection dies."""
    if received.wants_stream:
        response = await _begin(request, "text/event-stream")
        data = recordings.stream_of(received.dialect)
    else:
        data = recordings.whole_of(received.dialect)
        response = web.StreamResponse(
            headers={"content-type": "application/json", "content-length": str(len(data))}
        )
        await response.prepare(request)
    if int(argument):
        await response.write(data[: int(argument)])
        await asyncio.sleep(0.005)
    assert request.transport is not None
    request.transport.abort()
    return response


async def _unframed(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """The first ``argument`` bytes of a stream whose only end is that of the connection."""
    transport = request.transport
    assert transport is not None
    data = recordings.stream_of(received.dialect)
    transport.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")  # type: ignore[attr-defined]
    transport.write(data[: int(argument)] if argument else data)  # type: ignore[attr-defined]
    await asyncio.sleep(0.02)
    transport.close()
    return web.Response()


async def _unmarked(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """A stream that ends properly as HTTP goes, but without its end mark."""
    return await _stream(request, received, recordings.unmarked_stream_of(received.dialect))


async def _stall(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """The first bytes of a stream, and then nothing."""
    response = await _begin(request, "text/event-stream")
    await response.write(recordings.stream_of(received.dialect)[: int(argument)])
    await asyncio.sleep(60)
    return response


async def _silent(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """No answer at all for ``argument`` seconds."""
    await asyncio.sleep(float(argument or 60))
    return await ok(release, request, received, "")


async def _error(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    return web.Response(
        status=int(argument),
        body=recordings.error_of(int(argument)),
        headers={
            "content-type": "application/json",
            "retry-after": "7",
            "x-ratelimit-remaining-requests": "0",
            "x-should-retry": "true",
            "request-id": "req_provider",
        },
    )


async def _echo(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """An error that repeats what it was sent, keys included."""
    said = received.body.decode() + repr(received.headers)
    return web.json_response({"error": {"message": said}}, status=int(argument))


async def _garbage(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    response = await _begin(request, "text/event-stream")
    await response.write(b"\xff\xfe\x00data: {not json\r\rdata:[1,2]\n\n: ping\n\ndata: \xc3")
    return response


async def _gzip(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    body = gzip.compress(recordings.whole_of(received.dialect), mtime=0)
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    return web.Response(body=body, headers=headers)


async def _headers(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """An answer with every header that must not reach a caller, and some that must."""
    sent = {
        "set-cookie": "session=stolen",
        "authorization": f"Bearer {KEY}",
        "x-api-key": KEY,
        "x-internal": "secret",
        "keep-alive": "timeout=5",
        "server": "provider/1.0",
        "x-request-id": "req_1",
        "openai-processing-ms": "12",
        "anthropic-ratelimit-tokens-remaining": "9",
        "x-ratelimit-limit-tokens": "10",
    }
    return web.Response(
        body=recordings.whole_of(received.dialect), headers=sent, content_type="application/json"
    )


async def _flood(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """``argument`` megabytes of events, as fast as they are taken."""
    response = await _begin(request, "text/event-stream")
    event = b"data: " + json.dumps({"pad": "x" * 16_000}).encode() + b"\n\n"
    while received.sent_bytes < int(argument) * 1_000_000:
        await response.write(event)
        received.sent_bytes += len(event)
    await response.write(b"data: [DONE]\n\n")
    return response


async def _held(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    """A stream that stops before its end mark until the test releases it."""
    response = await _begin(request, "text/event-stream")
    stream = recordings.stream_of(received.dialect)
    await response.write(stream[:-40])
    while not release.is_set():
        await asyncio.sleep(0.02)
    await response.write(stream[-40:])
    return response


async def _models(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    return _json(b'{"object":"list","data":[{"id":"model-1"}]}')


async def _redirect(
    release: threading.Event, request: web.Request, received: Received, argument: str
) -> web.StreamResponse:
    return web.Response(status=302, headers={"location": "/v1/elsewhere"})


BEHAVIOURS: dict[str, Handler] = {
    "ok": ok,
    "paced": _paced,
    "bytewise": _bytewise,
    "waiting-end": _waiting_end,
    "cut": _cut,
    "unframed": _unframed,
    "unmarked": _unmarked,
    "stall": _stall,
    "silent": _silent,
    "error": _error,
    "echo": _echo,
    "garbage": _garbage,
    "gzip": _gzip,
    "headers": _headers,
    "flood": _flood,
    "held": _held,
    "models": _models,
    "redirect": _redirect,
}


def _json(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


async def _begin(request: web.Request, content_type: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-type": content_type})
    await response.prepare(request)
    return response


async def _stream(
    request: web.Request, received: Received, *pieces: bytes, pause: float | None = None
) -> web.StreamResponse:
    response = await _begin(request, "text/event-stream")
    for number, piece in enumerate(pieces):
        if number and pause is not None:
            await asyncio.sleep(pause)
        await response.write(piece)
        received.sent_bytes += len(piece)
        received.last_sent_at = time.monotonic()
    return response
