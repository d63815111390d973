"""The ASGI application: routes, and the one way every chat request takes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

from apps.integrations.practice import agent, answers, anthropic_dialect, openai_dialect
from apps.integrations.practice.chat import MODEL_ID, ChatRequest, Reply
from apps.integrations.practice.errors import Refusal
from apps.integrations.practice.exchange import ClientGone, Exchange, Receive, Scope, Send
from apps.integrations.practice.modes import mode_for
from apps.integrations.practice.prefix_cache import PrefixCache

AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class Dialect(Protocol):
    """What the two dialect modules have in common."""

    def parse(self, body: bytes) -> ChatRequest: ...
    def whole(self, request: ChatRequest, reply: Reply) -> dict[str, Any]: ...
    def events(self, request: ChatRequest, reply: Reply) -> Iterable[bytes]: ...
    def models(self) -> dict[str, Any]: ...
    def model(self) -> dict[str, Any]: ...
    def error(self, refusal: Refusal) -> dict[str, Any]: ...


def create_app(*, pause_seconds: float = 0.005) -> AsgiApp:
    """The practice model; ``pause_seconds`` lies between two pieces of a stream."""
    cache = PrefixCache()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        exchange = Exchange(scope, receive, send)
        try:
            await _answer(exchange, pause_seconds, cache)
        except (ClientGone, asyncio.CancelledError):
            # Nobody to answer; or the process stops while a request hangs on purpose.
            return
        except Refusal as refusal:
            dialect = _dialect_of(exchange)
            await exchange.json(refusal.status, dialect.error(refusal), refusal.headers)

    return app


async def _answer(exchange: Exchange, pause_seconds: float, cache: PrefixCache) -> None:
    dialect = _dialect_of(exchange)
    match exchange.method, exchange.path.rstrip("/"):
        case "POST", "/v1/chat/completions" | "/v1/messages":
            await _chat(exchange, dialect, pause_seconds, cache)
        case "POST", "/v1/messages/count_tokens":
            request = anthropic_dialect.parse(await exchange.body(), is_count=True)
            await exchange.json(200, anthropic_dialect.count(request))
        case "GET", "/v1/models":
            await exchange.json(200, dialect.models())
        case "GET", path if path.startswith("/v1/models/"):
            await _model(exchange, dialect, path.removeprefix("/v1/models/"))
        case "GET", "/healthz":
            await exchange.json(200, {"status": "ok", "model": MODEL_ID, "is_simulated": True})
        case _:
            raise Refusal(404, f"Unknown request URL: {exchange.method} {exchange.path}")


async def _chat(
    exchange: Exchange, dialect: Dialect, pause_seconds: float, cache: PrefixCache
) -> None:
    request = dialect.parse(await exchange.body())
    mode = mode_for(request.model, exchange.header("x-practice-mode"))
    if mode.wait_seconds:
        await exchange.wait(mode.wait_seconds)
    reply = answers.reply_to(request)
    if agent.is_meant(request):
        reply = replace(reply, cached_tokens=cache.tokens_cached(request))
    if request.is_stream:
        events = dialect.events(request, reply)
        await exchange.stream(events, pause_seconds=pause_seconds, is_cut=mode.is_cut)
    else:
        headers = [("x-request-id", f"req_{uuid4().hex}")]
        await exchange.json(200, dialect.whole(request, reply), headers, is_cut=mode.is_cut)


async def _model(exchange: Exchange, dialect: Dialect, name: str) -> None:
    if name != MODEL_ID:
        message = f"The model '{name}' does not exist."
        raise Refusal(404, message, code="model_not_found", param="model")
    await exchange.json(200, dialect.model())


def _dialect_of(exchange: Exchange) -> Dialect:
    is_anthropic = exchange.path.startswith("/v1/messages") or (
        exchange.path != "/v1/chat/completions" and exchange.header("anthropic-version") is not None
    )
    return anthropic_dialect if is_anthropic else openai_dialect


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
