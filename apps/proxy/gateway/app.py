"""The gateway's ASGI application: guard, route, answer; errors in the caller's dialect.

Nothing of Django's request handling is in this path, and nothing here reads Postgres or
Redis once a tenant is known.
"""

import logging
from collections.abc import Iterable, MutableMapping
from typing import Any

import aiohttp
import orjson
from django.conf import settings

from apps.integrations.embeddings.client import is_configured
from apps.integrations.embeddings.query import QueryEmbedder
from apps.proxy.gateway.chat import answer_chat
from apps.proxy.gateway.dialects import ANTHROPIC, CHAT_ROUTES, OPENAI, Dialect
from apps.proxy.gateway.models_list import answer_models
from apps.proxy.gateway.reading import ClientGone, Receive
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import Send, StreamCut
from apps.proxy.gateway.sessions import Sessions
from apps.proxy.gateway.snapshots import WRONG_KEY, Snapshots
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.upstream_http import new_client
from apps.proxy.spool.writer import SpoolWriter

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Headers = dict[bytes, bytes]


class Gateway:
    """One per process."""

    def __init__(self) -> None:
        self.snapshots = Snapshots()
        self.sessions = Sessions()
        self.spool = SpoolWriter(settings.METACLAW_SPOOL_DIR, settings.METACLAW_SPOOL_MAX_BYTES)
        self.client: aiohttp.ClientSession
        self.embedder: QueryEmbedder | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self.spool.start()
        except OSError as exc:
            await send({"type": "lifespan.startup.failed", "message": f"spool: {exc}"})
            return
        self.client = new_client()
        if is_configured():
            self.embedder = QueryEmbedder(self.client)
        self.snapshots.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.snapshots.stop()
        await self.client.close()
        self.spool.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _joined(scope["headers"])
        path, method = scope["path"], scope["method"]
        dialect = CHAT_ROUTES.get(path) or _dialect_of(headers)
        query = scope["query_string"]
        turn = TurnInFlight(self.spool)
        try:
            if not await self._answer_probe(path, method, send):
                await self._answer_api(path, query, method, dialect, headers, turn, receive, send)
        except Refusal as refusal:
            await _refuse(send, refusal, dialect, turn, is_last=_may_hold_much(headers))
        except ClientGone:
            logger.debug("gateway.client_gone")
        except StreamCut:
            # Returning without an end makes the server break the connection off.
            logger.info("gateway.stream_cut", extra={"turn_id": turn.id})

    async def _answer_api(
        self,
        path: str,
        query: bytes,
        method: str,
        dialect: Dialect,
        headers: Headers,
        turn: TurnInFlight,
        receive: Receive,
        send: Send,
    ) -> None:
        is_chat = path in CHAT_ROUTES
        if not is_chat and path != "/v1/models" and not path.startswith("/v1/models/"):
            raise Refusal(404, "unknown_url", f"The gateway has no {method} {path}.")
        if method != ("POST" if is_chat else "GET"):
            raise Refusal(405, "method_not_allowed", f"{path} does not take {method}.")
        grant, tenant = await self.snapshots.authenticate(_key_of(headers))
        if "gateway" not in grant.scopes:
            raise Refusal(
                403, "key_scope", "This key may not send model requests: it lacks 'gateway'."
            )
        turn.mark("authenticated")
        if not is_chat:
            await answer_models(
                client=self.client,
                tenant=tenant,
                path=path,
                query=query,
                headers=headers,
                send=send,
            )
            return
        await answer_chat(
            client=self.client,
            embedder=self.embedder,
            sessions=self.sessions,
            turn=turn,
            dialect=dialect,
            grant=grant,
            tenant=tenant,
            headers=headers,
            query=query,
            receive=receive,
            send=send,
        )

    async def _answer_probe(self, path: str, method: str, send: Send) -> bool:
        if path == "/healthz":
            await _send_json(send, 200, {"status": "ok"})
        elif path == "/readyz":
            ready = self.spool.is_recording
            state = {
                "status": "ready" if ready else "not recording",
                "recording": ready,
                "lost_frames": self.spool.lost_frames,
                "push": self.snapshots.push_works,
            }
            await _send_json(send, 200 if ready else 503, state)
        elif method == "HEAD":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            return False
        return True


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
    """A header that is sent several times means the same as one with commas.
    https://www.rfc-editor.org/rfc/rfc9110#section-5.3"""
    headers: Headers = {}
    for name, value in pairs:
        headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def _may_hold_much(headers: Headers) -> bool:
    """Whether a body of any size may follow.

    One within the limit is taken in and dropped, because a caller whose connection breaks
    while it still sends may never see the answer.
    """
    declared = headers.get(b"content-length", b"0")
    within = declared.isdigit() and int(declared) <= settings.METACLAW_MAX_BODY_BYTES
    return b"transfer-encoding" in headers or not within


def _dialect_of(headers: Headers) -> Dialect:
    return ANTHROPIC if b"anthropic-version" in headers else OPENAI


def _key_of(headers: Headers) -> str:
    """The caller's key: as a bearer token or as ``x-api-key``; two that differ are refused."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    bearer = token.strip() if scheme.lower() == b"bearer" else b""
    plain = headers.get(b"x-api-key", b"").strip()
    if bearer and plain and bearer != plain:
        raise Refusal(401, "two_keys", "Authorization and x-api-key hold different keys: send one.")
    key = bearer or plain
    if not key:
        raise Refusal(
            401,
            "missing_api_key",
            "Send your MetaClaw API key as 'Authorization: Bearer …' or as 'x-api-key'.",
        )
    if len(key) > 200:
        raise WRONG_KEY
    return key.decode("latin-1")


async def _refuse(
    send: Send, refusal: Refusal, dialect: Dialect, turn: TurnInFlight, *, is_last: bool
) -> None:
    """Answer with an error; ``is_last``: and read nothing more from this connection."""
    body = dialect.error(refusal.status, refusal.message, refusal.code, f"req_{turn.id.hex}")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-metaclaw-error", refusal.code.encode()),
    ]
    if turn.has_begun:
        headers.append((b"x-metaclaw-turn", str(turn.id).encode()))
    if is_last and not turn.has_begun:
        headers.append((b"connection", b"close"))
    headers += [(name.encode(), value.encode()) for name, value in refusal.headers]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _send_json(send: Send, status: int, value: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(value)})
