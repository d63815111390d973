"""The ASGI application: ``POST /v1/answer`` for the gateway, and ``GET /healthz``.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import orjson

from apps.core import guard
from apps.integrations.tinker.policy import (
    ANSWER_PATH,
    CANNOT_HEADER,
    PATIENCE_HEADER,
    STAND_IN_HEADER,
    TRAINER_HEADER,
    asking,
)
from apps.integrations.tinker.policy.answering import answer_of
from apps.integrations.tinker.policy.policies import Policies
from apps.integrations.tinker.policy.refusing import Refused
from apps.integrations.tinker.types import TrainerConnection

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_MAX_BODY_BYTES = 64 * 1024 * 1024
_PATIENCE_SECONDS = 300.0
_TIDY_SECONDS = 60.0
# The part of the API with this path is spoken by the same service.
_OPENAI_PATH = "/oai/api/v1"


class _ClientGone(Exception):
    """Nobody is left to answer."""


def create_app(policies: Policies) -> AsgiApp:
    """Serve answers of ``policies``."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(policies, receive, send)
        if scope["type"] != "http":
            return
        cannot = ""
        try:
            status, body = 200, await _answer(policies, scope, receive)
        except Refused as refused:
            status, body, cannot = refused.status, refused.body(), refused.cannot
        except _ClientGone:
            return
        except Exception:  # the edge: a bug must not look like an answer, nor stop the others
            logger.exception("policy.bug")
            bug = Refused(500, "The policy process failed.", "policy_failed", cannot="bug")
            status, body, cannot = bug.status, bug.body(), bug.cannot
        await _send(send, status, body, cannot)

    return app


async def _answer(policies: Policies, scope: Scope, receive: Receive) -> dict[str, Any]:
    match scope["method"], scope["path"]:
        case "GET", "/healthz":
            return {"status": "ok"}
        case "POST", path if path == ANSWER_PATH:
            pass
        case method, path:
            raise Refused(404, f"Unknown request URL: {method} {path}", "unknown_url")
    headers = {name.decode(): value.decode("utf-8", "replace") for name, value in scope["headers"]}
    connection = _connection(headers)
    asked = asking.read(await _body(receive))
    drawing = policies.draw(
        connection, asked, _patience(headers), has_stand_in=STAND_IN_HEADER in headers
    )
    drawn = await _unless_client_leaves(receive, asyncio.create_task(drawing))
    return answer_of(asked, drawn)


def _connection(headers: Mapping[str, str]) -> TrainerConnection:
    """Where the policy is, and the key for it. Raises Refused."""
    url = headers.get(TRAINER_HEADER, "").rstrip("/").removesuffix(_OPENAI_PATH)
    try:
        guard.check_url(url)
    except guard.AddressRefused as exc:
        raise Refused(503, str(exc), "upstream_refused", cannot="address") from exc
    key = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
    return TrainerConnection(url, key.strip())


def _patience(headers: Mapping[str, str]) -> float:
    try:
        seconds = float(headers[PATIENCE_HEADER])
    except (KeyError, ValueError):
        return _PATIENCE_SECONDS
    return seconds if 0 < seconds <= 86_400 else _PATIENCE_SECONDS


async def _unless_client_leaves(receive: Receive, work: "asyncio.Task[Any]") -> Any:
    """The work's result; when the gateway hangs up, the work ends at once."""
    leaving = asyncio.create_task(_goodbye(receive))
    try:
        await asyncio.wait((work, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise _ClientGone
        return work.result()
    finally:
        for task in (work, leaving):
            task.cancel()
        await asyncio.gather(work, leaving, return_exceptions=True)


async def _goodbye(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _MAX_BODY_BYTES:
            raise Refused(413, "The request body is too large.", "request_too_large")
        if not message.get("more_body", False):
            return b"".join(parts)


async def _send(send: Send, status: int, body: dict[str, Any], cannot: str) -> None:
    data = orjson.dumps(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(data))]
    if cannot:
        headers.append((CANNOT_HEADER.encode(), cannot.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})


async def _live(policies: Policies, receive: Receive, send: Send) -> None:
    await receive()
    tidying = asyncio.create_task(_tidy(policies))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    tidying.cancel()
    policies.tidy(idle_seconds=0)
    await send({"type": "lifespan.shutdown.complete"})


async def _tidy(policies: Policies) -> None:
    while True:
        await asyncio.sleep(_TIDY_SECONDS)
        policies.tidy()
