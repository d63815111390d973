"""The ASGI application: an OpenAI-compatible ``/v1/embeddings`` around the model.

https://platform.openai.com/docs/api-reference/embeddings
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from apps.integrations.embeddings.local import DIMENSIONS, MODEL_ID
from apps.integrations.embeddings.local.files import Values

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

_MAX_BODY_BYTES = 16 * 1024 * 1024
_MAX_TEXTS = 2_048
# A large batch goes through in pieces, so that two batches share the thread.
_TEXTS_AT_ONCE = 8


class Model(Protocol):
    """What the application needs of ``MiniLM``."""

    def tokens(self, text: str) -> list[int]: ...
    def embed(self, texts: Sequence[Sequence[int]]) -> Values: ...


class _Refusal(Exception):
    def __init__(self, status: int, message: str, code: str = "invalid_request") -> None:
        self.status = status
        self.error = {"message": message, "type": "invalid_request_error", "code": code}


class _ClientGone(Exception):
    """Nobody is left to answer."""


@dataclass(frozen=True, slots=True)
class _Asked:
    texts: list[str]
    is_base64: bool


def create_app(model: Model) -> AsgiApp:
    """Serve vectors of ``model``."""
    maker = _Maker(model)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        if scope["type"] != "http":
            return
        try:
            status, body = 200, await _answer(maker, scope, receive)
        except _Refusal as refusal:
            status, body = refusal.status, orjson.dumps({"error": refusal.error})
        except _ClientGone:
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def _answer(maker: "_Maker", scope: Scope, receive: Receive) -> bytes:
    match scope["method"], scope["path"].rstrip("/"):
        case "POST", "/v1/embeddings":
            return await maker.answer(_read(await _body(receive)))
        case "GET", "/v1/models":
            row = {"id": MODEL_ID, "object": "model", "created": 0, "owned_by": "local"}
            return orjson.dumps({"object": "list", "data": [row]})
        case "GET", "/healthz":
            return orjson.dumps({"status": "ok", "model": MODEL_ID, "dimensions": DIMENSIONS})
        case method, path:
            raise _Refusal(404, f"Unknown request URL: {method} {path}", "unknown_url")


class _Maker:
    """The model in threads of its own, so that the server goes on listening."""

    def __init__(self, model: Model) -> None:
        self._model = model
        # One thread each: a request on its way through the gateway never waits for a batch.
        self._queries = ThreadPoolExecutor(1, thread_name_prefix="query")
        self._batches = ThreadPoolExecutor(1, thread_name_prefix="batch")

    async def answer(self, asked: _Asked) -> bytes:
        threads = self._queries if len(asked.texts) == 1 else self._batches
        loop = asyncio.get_running_loop()
        rows: list[dict[str, Any]] = []
        tokens = 0
        for at in range(0, len(asked.texts), _TEXTS_AT_ONCE):
            part = asked.texts[at : at + _TEXTS_AT_ONCE]
            vectors, count = await loop.run_in_executor(threads, self._make, part)
            tokens += count
            rows += [
                {"object": "embedding", "index": at + i, "embedding": _written(vector, asked)}
                for i, vector in enumerate(vectors)
            ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        answer = {"object": "list", "data": rows, "model": MODEL_ID, "usage": usage}
        return orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)

    def _make(self, texts: list[str]) -> tuple[Values, int]:
        tokens = [self._model.tokens(text) for text in texts]
        return self._model.embed(tokens), sum(map(len, tokens))


def _written(vector: Values, asked: _Asked) -> Values | str:
    return base64.b64encode(vector.tobytes()).decode() if asked.is_base64 else vector


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
            raise _Refusal(413, "The request body is too large.")
        if not message.get("more_body", False):
            return b"".join(parts)


def _read(raw: bytes) -> _Asked:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise _Refusal(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise _Refusal(400, "The body must be an object.")
    if body.get("model", MODEL_ID) != MODEL_ID:
        raise _Refusal(404, f"There is one model here: {MODEL_ID}.", "model_not_found")
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _Refusal(400, "input must be a text or a list of texts.")
    if not 0 < len(texts) <= _MAX_TEXTS:
        raise _Refusal(400, f"input must hold 1 to {_MAX_TEXTS} texts.")
    if body.get("dimensions", DIMENSIONS) != DIMENSIONS:
        raise _Refusal(400, f"The vectors of this model have {DIMENSIONS} dimensions.")
    encoding = body.get("encoding_format", "float")
    if encoding not in ("float", "base64"):
        raise _Refusal(400, "encoding_format must be float or base64.")
    return _Asked(texts, encoding == "base64")


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
