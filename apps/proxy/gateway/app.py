"""The gateway's ASGI application: guard, route, answer; errors in the caller's dialect.

Nothing of Django's request handling is in this path, and nothing here reads Postgres or
Redis once a tenant is known.
"""

import asyncio
import logging
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from django.conf import settings

from apps.core import tracing
from apps.integrations.embeddings.client import is_configured
from apps.integrations.embeddings.query import QueryEmbedder
from apps.proxy.gateway import metrics
from apps.proxy.gateway.breaker import Breakers
from apps.proxy.gateway.chat import Caller, Means, answer_chat
from apps.proxy.gateway.dialects import (
    ANTHROPIC,
    COUNT_ROUTE,
    EMBEDDINGS_ROUTE,
    FEEDBACK_ROUTE,
    OPENAI,
    TRAIN_STEP_ROUTE,
    TURN_ROUTES,
    Dialect,
)
from apps.proxy.gateway.feedback import answer_feedback
from apps.proxy.gateway.guard import (
    Credentials,
    Headers,
    credentials_of,
    joined,
    may_hold_much,
    split_path,
)
from apps.proxy.gateway.limits.gate import Gate
from apps.proxy.gateway.meanings import Meanings
from apps.proxy.gateway.memory import SharedMemory
from apps.proxy.gateway.models_list import answer_models
from apps.proxy.gateway.policies import PolicyClient
from apps.proxy.gateway.probes import PROBES, answer_probe
from apps.proxy.gateway.reading import ClientGone, Receive
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import Send, StreamCut
from apps.proxy.gateway.sessions import Sessions
from apps.proxy.gateway.snapshots import Snapshots
from apps.proxy.gateway.stopping import when_told_to_stop
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.turned_away import TurnedAway
from apps.proxy.gateway.unrecorded import answer_count, answer_embeddings
from apps.proxy.gateway.upstream_http import new_client
from apps.proxy.spool.writer import SpoolWriter
from apps.tenants.types import KeyGrant

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
_ANTHROPIC_ROUTES = (COUNT_ROUTE,)
_MODELS = "/v1/models"
_ADDRESS_WRONG = frozenset({"unknown_url", "method_not_allowed"})
_POSTED = frozenset({*TURN_ROUTES, COUNT_ROUTE, EMBEDDINGS_ROUTE, FEEDBACK_ROUTE, TRAIN_STEP_ROUTE})


class Gateway:
    """One per process."""

    def __init__(self) -> None:
        self.snapshots = Snapshots()
        self.memory = SharedMemory()
        self.spool = SpoolWriter(settings.METACLAW_SPOOL_DIR, settings.METACLAW_SPOOL_MAX_BYTES)
        self.turned_away = TurnedAway(self.spool)
        self.means: Means
        self.is_draining = False
        self._loop: asyncio.AbstractEventLoop
        # What is being answered right now, to be ended when the process is.
        self._busy: dict[asyncio.Task[Any], TurnInFlight] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    def drain(self) -> None:
        """The process is asked to stop: take no new work, and end what does not end by itself.

        Called from a signal handler; safe to repeat.
        """
        self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        if not self.is_draining:
            self.is_draining = True
            self._loop.call_later(settings.METACLAW_DRAIN_SECONDS, self._stop_all)

    def _stop_all(self) -> None:
        for task, turn in list(self._busy.items()):
            turn.is_stopping = True
            task.cancel()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._loop = asyncio.get_running_loop()
        try:
            self.spool.start()
        except OSError as exc:
            await send({"type": "lifespan.startup.failed", "message": f"spool: {exc}"})
            return
        tracing.start("metaclaw-gateway")
        client = new_client()
        gate = Gate()
        meanings = Meanings(QueryEmbedder(client)) if is_configured() else None
        policies = PolicyClient() if settings.METACLAW_POLICY_URL else None
        self.means = Means(client, Sessions(self.memory), Breakers(), gate, meanings, policies)
        self.memory.start()
        gate.start()
        self.snapshots.start()
        if meanings is not None:
            meanings.start()
        when_told_to_stop(self.drain)
        logger.info("gateway.started")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if meanings is not None:
            await meanings.stop()
        await self.snapshots.stop()
        await gate.stop()
        await self.memory.stop()
        if policies is not None:
            await policies.close()
        await client.close()
        self.spool.stop()
        tracing.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = joined(scope["headers"])
        path, path_key = split_path(scope["path"])
        method = scope["method"]
        dialect = TURN_ROUTES.get(path) or _dialect_of(path, headers)
        turn = TurnInFlight(self.spool)
        if tracing.is_on() and path not in PROBES:
            send = _traced(turn, headers, method, path, send)
        grant: KeyGrant | None = None
        try:
            if method == "HEAD" or path in PROBES:
                await answer_probe(self, path, method, headers, send)
                return
            _check_route(path, method)
            credentials = credentials_of(headers, path_key)
            grant, tenant = await self.snapshots.authenticate(credentials.key)
            _check_key(grant, credentials)
            turn.mark("authenticated")
            query, passed_on = scope["query_string"], credentials.passed_on(grant)
            caller = Caller(grant, tenant, headers, query, receive, send, passed_on)
            await self._answer_api(path, caller, dialect, turn)
        except Refusal as refusal:
            if not turn.has_begun:
                await self._note(refusal, grant, headers, path_key)
            await _refuse(send, refusal, dialect, turn, is_last=may_hold_much(headers))
        except ClientGone:
            logger.debug("gateway.client_gone")
        except StreamCut:
            # Returning without an end makes the server break the connection off.
            logger.info("gateway.stream_cut", extra={"turn_id": turn.id})
        finally:
            turn.end_trace()

    async def _note(
        self, refusal: Refusal, grant: KeyGrant | None, headers: Headers, path_key: str
    ) -> None:
        """Let the workspace know of a request that did not become a turn."""
        if grant is None and refusal.code in _ADDRESS_WRONG:
            # Refused before anybody looked at its key: a slip in an agent's base address.
            with suppress(Refusal):
                credentials = credentials_of(headers, path_key)
                grant, _ = await self.snapshots.authenticate(credentials.key)
        self.turned_away.note(refusal, grant)

    async def _answer_api(
        self, path: str, caller: Caller, dialect: Dialect, turn: TurnInFlight
    ) -> None:
        task = asyncio.current_task()
        assert task is not None  # a coroutine always runs in one
        self._busy[task] = turn
        metrics.begun()
        try:
            if path in TURN_ROUTES:
                await answer_chat(self.means, caller, dialect, turn)
            elif path == COUNT_ROUTE:
                await answer_count(self.means, caller, turn)
            elif path == EMBEDDINGS_ROUTE:
                await answer_embeddings(self.means, caller, turn)
            elif path == FEEDBACK_ROUTE:
                await answer_feedback(caller, turn)
            elif path == TRAIN_STEP_ROUTE:
                # Loaded when it is wanted: a request to a model needs nothing of training.
                from apps.proxy.gateway.train_step import answer_train_step

                await answer_train_step(caller, turn)
            else:
                await answer_models(self.means, caller, path)
        except Refusal as refusal:
            turn.outcome = turn.outcome or f"refused_{refusal.status}"
            raise
        finally:
            del self._busy[task]
            metrics.ended(dialect.name, turn.outcome or "other", turn.timings.get("forwarded"))


def _check_key(grant: KeyGrant, credentials: Credentials) -> None:
    """Whether the key may be used for this, and there. Raises Refusal 401 or 403."""
    if "gateway" not in grant.scopes:
        raise Refusal(403, "key_scope", "This key may not send model requests: it lacks 'gateway'.")
    credentials.check(grant)


def _check_route(path: str, method: str) -> None:
    is_posted = path in _POSTED
    if not is_posted and path != _MODELS and not path.startswith(f"{_MODELS}/"):
        raise Refusal(404, "unknown_url", f"The gateway has no {method} {path}.")
    if method != ("POST" if is_posted else "GET"):
        raise Refusal(405, "method_not_allowed", f"{path} does not take {method}.")


def _traced(turn: TurnInFlight, headers: Headers, method: str, path: str, send: Send) -> Send:
    from apps.proxy.gateway.tracing import RequestTrace

    # An address that is not ours may hold anything.
    route = path if path in _POSTED else _MODELS if path.startswith(_MODELS) else ""
    turn.trace = RequestTrace(headers, method, route, turn.id)
    return turn.trace.watched(send)


def _dialect_of(path: str, headers: Headers) -> Dialect:
    if path in _ANTHROPIC_ROUTES or b"anthropic-version" in headers:
        return ANTHROPIC
    return OPENAI


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
