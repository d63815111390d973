"""Reading a request's body, within limits, once its sender is known."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from django.conf import settings

from apps.proxy.gateway.refusal import Refusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ClientGone(Exception):
    """The caller hung up."""


async def read_body(receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
    """The whole body, decoded. Raises Refusal (400, 408, 413, 415) or ClientGone."""
    limit = settings.METACLAW_MAX_BODY_BYTES
    declared = headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    message = await _next(receive)
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        body = await _read_on(receive, body, limit)
    if len(body) > limit:
        raise _too_large(limit)
    encoding = headers.get(b"content-encoding", b"identity").strip().lower()
    return body if encoding == b"identity" else _decoded(body, encoding, limit)


async def _read_on(receive: Receive, body: bytes, limit: int) -> bytes:
    parts, size = [body], len(body)
    try:
        async with asyncio.timeout(settings.METACLAW_BODY_TIMEOUT_SECONDS):
            while True:
                message = await _next(receive)
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > limit:
                    raise _too_large(limit)
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError as exc:
        raise Refusal(408, "body_timeout", "The request body did not arrive in time.") from exc


async def _next(receive: Receive) -> MutableMapping[str, Any]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message


def _decoded(body: bytes, encoding: bytes, limit: int) -> bytes:
    if encoding not in (b"gzip", b"deflate"):
        raise Refusal(
            415, "encoding_unsupported", "Send the body as it is, or with Content-Encoding: gzip."
        )
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        text = unpacker.decompress(body, limit + 1)
    except zlib.error as exc:
        raise Refusal(400, "encoding_broken", "The compressed body cannot be read.") from exc
    if len(text) > limit:
        raise _too_large(limit)
    return text


def _too_large(limit: int) -> Refusal:
    return Refusal(
        413, "request_too_large", f"The request body is larger than {limit // 1024**2} MB."
    )
