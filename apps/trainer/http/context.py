"""What every handler needs, and how it gets it from the request."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import zstandard
from aiohttp import web

from apps.trainer.engine.bases import Bases
from apps.trainer.engine.engine import Engine
from apps.trainer.errors import BadRequest, Refused
from apps.trainer.keys import Keys
from apps.trainer.store import Store

MOST_BODY_BYTES = 64 * 1024 * 1024


class Waiting:
    """Callers that wait for a request's outcome."""

    def __init__(self) -> None:
        self._events: dict[str, list[asyncio.Event]] = {}

    def enter(self, request_id: str) -> asyncio.Event:
        event = asyncio.Event()
        self._events.setdefault(request_id, []).append(event)
        return event

    def leave(self, request_id: str, event: asyncio.Event) -> None:
        events = self._events.get(request_id, [])
        if event in events:
            events.remove(event)
        if not events:
            self._events.pop(request_id, None)

    def wake(self, request_id: str) -> None:
        for event in self._events.get(request_id, []):
            event.set()


@dataclass(frozen=True)
class Server:
    store: Store
    bases: Bases
    engine: Engine
    keys: Keys
    waiting: Waiting
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)


SERVER = web.AppKey("server", Server)
TENANT = web.RequestKey("tenant", str)


def server_of(request: web.Request) -> Server:
    return request.app[SERVER]


def tenant_of(request: web.Request) -> str:
    return request[TENANT]


async def body_of(request: web.Request) -> bytes:
    """The body, unpacked if it came packed."""
    raw = await request.read()
    packing = request.headers.get("Content-Encoding", "identity").lower()
    if packing in ("", "identity"):
        return raw
    if packing != "zstd":
        raise Refused(415, f"The content encoding {packing!r} is not known here; zstd is.")
    try:
        with zstandard.ZstdDecompressor().stream_reader(raw) as reader:
            unpacked = reader.read(MOST_BODY_BYTES + 1)
    except zstandard.ZstdError:
        raise BadRequest("The body is not packed with zstd as it says.") from None
    if len(unpacked) > MOST_BODY_BYTES:
        raise Refused(413, "The request body is too large.")
    return unpacked


async def json_of(request: web.Request) -> dict[str, Any]:
    try:
        body = orjson.loads(await body_of(request) or b"{}")
    except orjson.JSONDecodeError:
        raise BadRequest("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise BadRequest("The body must be an object.")
    return body


def answer(values: Mapping[str, Any] | list[Any] | None, *, status: int = 200) -> web.Response:
    content = orjson.dumps(values)
    return web.Response(body=content, status=status, content_type="application/json")


def page_of(request: web.Request) -> tuple[int, int]:
    """``limit`` and ``offset`` of a list."""
    try:
        limit = int(request.query.get("limit", "100"))
        offset = int(request.query.get("offset", "0"))
    except ValueError:
        raise BadRequest("limit and offset must be whole numbers.") from None
    return max(0, min(limit, 1_000)), max(0, offset)


def text_of(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{name} is missing.")
    return value


def number_of(body: Mapping[str, Any], name: str, *, least: int = 0) -> int:
    value = body.get(name)
    if type(value) is not int or not least <= value < 2**62:
        raise BadRequest(f"{name} must be a whole number of at least {least}.")
    return value


def object_of(body: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadRequest(f"{name} must be an object.")
    return value
