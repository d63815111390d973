"""A chat request from its first header to its recorded end."""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp

from apps.core.chat import last_user_text
from apps.integrations.embeddings.query import QueryEmbedder
from apps.proxy.answers import read_answer
from apps.proxy.gateway import json_body
from apps.proxy.gateway.dialects import Dialect
from apps.proxy.gateway.injection import Injection, inject
from apps.proxy.gateway.reading import ClientGone, Receive, read_body
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import Send, open_upstream, relay
from apps.proxy.gateway.sessions import Conversation, Sessions
from apps.proxy.gateway.snapshots import TenantSnapshot
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.upstream_http import headers_up, target
from apps.tenants.types import KeyGrant
from apps.upstreams.types import UpstreamConnection

Headers = Mapping[bytes, bytes]
_WATCH_AFTER_SECONDS = 0.05


async def answer_chat(
    *,
    client: aiohttp.ClientSession,
    embedder: QueryEmbedder | None,
    sessions: Sessions,
    turn: TurnInFlight,
    dialect: Dialect,
    grant: KeyGrant,
    tenant: TenantSnapshot,
    headers: Headers,
    query: bytes,
    receive: Receive,
    send: Send,
) -> None:
    """Read, choose skills, forward, relay, record."""
    upstream = serving(tenant, dialect)
    raw = await read_body(receive, headers)
    body = checked(raw)
    try:
        conversation = sessions.resolve(tenant.config.tenant_id, headers, body.values)
        meaning = None
        if embedder is not None and tenant.config.mode == "skills":
            meaning = await embedder.vector(last_user_text(body.values["messages"]))
        injection = inject(body, dialect.name, tenant, conversation, meaning)
    except RecursionError as exc:
        raise Refusal(400, "invalid_json", "The body is nested too deeply.") from exc
    _name_default_model(body, upstream)
    turn.mark("skills")
    turn.begin(
        grant=grant,
        upstream=upstream,
        conversation=conversation,
        injection=injection,
        request=_facts(headers, body.values, dialect),
        body=raw,
    )
    if not conversation.external_id:

        def remember(data: bytes, encoding: str) -> None:
            answer = read_answer(dialect.name, data, encoding)
            sessions.ended(tenant.config.tenant_id, conversation, answer.message)

        turn.keep_answer(remember)
    forward = _forward(
        client=client,
        turn=turn,
        dialect=dialect,
        upstream=upstream,
        headers=headers,
        query=query,
        body=body.rendered() or raw,
        own_headers=_own_headers(turn, conversation, injection),
        send=send,
    )
    await _unless_client_leaves(receive, forward, turn)


def serving(tenant: TenantSnapshot, dialect: Dialect) -> UpstreamConnection:
    """The provider for this dialect; Refusal if there is none that speaks it."""
    upstream = tenant.serving
    if upstream is None:
        raise Refusal(
            503,
            "no_upstream",
            "This workspace has no model provider yet. Add one in the console under Upstreams.",
        )
    if not upstream.speaks(dialect.name):
        raise Refusal(
            400,
            "dialect_mismatch",
            f"This workspace's provider {upstream.name} speaks the {upstream.kind} API and this"
            f" request the {dialect.name} API. Use a client for the former, or add a provider"
            " for the latter under Upstreams.",
        )
    return upstream


def checked(raw: bytes) -> json_body.JsonBody:
    """The parsed body, if it has the form of a chat request. Raises Refusal 400."""
    try:
        body = json_body.parse(raw)
    except json_body.NotJson as exc:
        raise Refusal(400, "invalid_json", str(exc)) from exc
    values = body.values
    if not isinstance(values.get("model"), str) or not values["model"]:
        raise _invalid("model", "has to be the name of a model")
    messages = values.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _invalid("messages", "has to be a list with at least one message")
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise _invalid(f"messages[{number}]", "has to be an object with a role")
    if not isinstance(values.get("stream", False), bool | None):
        raise _invalid("stream", "has to be true or false")
    return body


def _invalid(field: str, problem: str) -> Refusal:
    return Refusal(400, "invalid_request", f"'{field}' {problem}.")


def _name_default_model(body: json_body.JsonBody, upstream: UpstreamConnection) -> None:
    """``default`` stands for the model the provider was set up with."""
    if body.values["model"] == "default" and upstream.model:
        body.replace(body.members["model"], json.dumps(upstream.model))


def _facts(headers: Headers, values: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    kind = headers.get(b"x-turn-type", b"main").lower()
    return {
        "dialect": dialect.name,
        "model": values["model"][:200],
        "is_stream": bool(values.get("stream")),
        "kind": "side" if kind == b"side" else "main",
        "agent": headers.get(b"x-agent-id", b"").decode("latin-1")[:120],
        "is_session_done": headers.get(b"x-session-done", b"").lower() in (b"true", b"1"),
    }


def _own_headers(
    turn: TurnInFlight, conversation: Conversation, injection: Injection
) -> list[tuple[bytes, bytes]]:
    skills = ",".join(f"{skill.slug}@{skill.version}" for skill in injection.skills)
    return [
        (b"x-metaclaw-turn", str(turn.id).encode()),
        (b"x-metaclaw-session", str(conversation.session_id).encode()),
        (b"x-metaclaw-skills", skills.encode()),
    ]


async def _forward(
    *,
    client: aiohttp.ClientSession,
    turn: TurnInFlight,
    dialect: Dialect,
    upstream: UpstreamConnection,
    headers: Headers,
    query: bytes,
    body: bytes,
    own_headers: list[tuple[bytes, bytes]],
    send: Send,
) -> None:
    url = target(upstream, dialect.chat_path, query)
    up = headers_up(headers, dialect.credentials(upstream.api_key))
    turn.mark("forwarded")
    try:
        response = await open_upstream(client, "POST", url, up, body, upstream)
        try:
            if response.status in (401, 403):
                raise _our_key_refused(upstream, response.status)
            await relay(response, send, turn, dialect, own_headers)
        finally:
            # Not release(): an answer that was not read to its end must not be reused.
            response.close() if not response.content.is_eof() else response.release()
    except Refusal as refusal:
        turn.end(
            status="upstream_error",
            http_status=refusal.status,
            error={"type": refusal.code, "message": refusal.message},
        )
        raise


def _our_key_refused(upstream: UpstreamConnection, status: int) -> Refusal:
    """The caller's key is fine; told 401, clients would doubt it and retry for minutes."""
    return Refusal(
        502,
        "upstream_auth_failed",
        f"The provider {upstream.name} refused the key it is called with ({status})."
        " Enter a valid one in the console under Upstreams.",
    )


async def _unless_client_leaves(
    receive: Receive, work: Awaitable[None], turn: TurnInFlight
) -> None:
    """Do the work, but stop it (and the provider) as soon as the caller hangs up."""
    working = asyncio.current_task()
    assert working is not None  # a coroutine always runs in one
    has_left = False
    watching: asyncio.Task[None] | None = None

    async def watch() -> None:
        nonlocal has_left
        await _wait_for_goodbye(receive)
        has_left = True
        working.cancel()

    def start() -> None:
        nonlocal watching
        watching = asyncio.create_task(watch())

    # Most answers of fast providers are there before a task of its own would pay.
    starting = asyncio.get_running_loop().call_later(_WATCH_AFTER_SECONDS, start)
    try:
        await work
    except asyncio.CancelledError:
        turn.end(status="client_aborted", http_status=499)
        if has_left:
            working.uncancel()
            raise ClientGone from None
        # Otherwise the process is told to stop: what was sent so far is kept as it is.
        raise
    finally:
        starting.cancel()
        if watching is not None:
            watching.cancel()


async def _wait_for_goodbye(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
