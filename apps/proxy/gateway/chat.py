"""A turn from its first header to its recorded end."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

import aiohttp

from apps.core.chat import last_user_text
from apps.proxy.answers import read_answer
from apps.proxy.gateway import asking
from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.breaker import Breakers
from apps.proxy.gateway.closing import closing_answer
from apps.proxy.gateway.dialects import Dialect
from apps.proxy.gateway.forwarding import open_first
from apps.proxy.gateway.injection import Injection, inject
from apps.proxy.gateway.limits.gate import Gate
from apps.proxy.gateway.limits.wishing import held, wish
from apps.proxy.gateway.meanings import Meanings
from apps.proxy.gateway.policies import PolicyClient, Wanted, relay_sampled
from apps.proxy.gateway.reading import ClientGone, Receive, read_body
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import Send, relay, send_whole
from apps.proxy.gateway.routing import Route, route
from apps.proxy.gateway.sessions import Conversation, Sessions
from apps.proxy.gateway.snapshots import TenantSnapshot
from apps.proxy.gateway.translating import relay_translated
from apps.proxy.gateway.turn import TurnInFlight
from apps.tenants.types import KeyGrant

Headers = Mapping[bytes, bytes]
_WATCH_AFTER_SECONDS = 0.05


@dataclass(slots=True)
class Means:
    """What a process answers requests with."""

    client: aiohttp.ClientSession
    sessions: Sessions
    breakers: Breakers
    gate: Gate
    meanings: Meanings | None = None
    policies: PolicyClient | None = None


@dataclass(slots=True)
class Caller:
    """One request as it came in: whose it is, and the two ends of its connection."""

    grant: KeyGrant
    tenant: TenantSnapshot
    headers: Headers
    query: bytes
    receive: Receive
    send: Send
    # What the provider gets instead of the key it was set up with, where the key allows that.
    credentials: list[tuple[str, str]] | None = None


async def answer_chat(means: Means, caller: Caller, dialect: Dialect, turn: TurnInFlight) -> None:
    """Read, choose skills, forward, relay, record. Raises Refusal, ClientGone, StreamCut."""
    tenant, grant = caller.tenant, caller.grant
    raw = await read_body(caller.receive, caller.headers)
    asked = asking.read(dialect, caller.headers, raw, agent=grant.agent)
    try:
        conversation = await means.sessions.resolve(tenant.config.tenant_id, asked, grant.key_id)
        if asked.only_ends_session:
            await _close(caller, asked, conversation, turn)
            return
        injection = await choose(means, tenant, asked, conversation)
        way = route(tenant, asked, conversation.session_id.hex)
        ticket = await means.gate.enter(tenant.limits, turn.id, wish(caller, asked, way))
    except RecursionError as exc:
        raise Refusal(400, "invalid_json", "The body is nested too deeply.") from exc
    turn.mark("skills")
    with held(ticket, turn):
        turn.begin(
            grant=grant,
            upstream=way.ways[0].upstream,
            conversation=conversation,
            injection=injection,
            request=asked.facts(),
            body=raw,
        )
        del raw
        if conversation.hashes and not conversation.external_id:
            _remember(means.sessions, conversation, dialect, turn)
        await _unless_client_leaves(
            caller.receive, _forward(means, caller, asked, way, conversation, injection, turn), turn
        )


async def choose(
    means: Means, tenant: TenantSnapshot, asked: Asked, conversation: Conversation
) -> Injection:
    """The skills of a request, put into its text; other processes hear of new pins."""
    rules = tenant.config.of_agent(asked.agent)
    meaning = None
    if means.meanings is not None and rules.injects and tenant.by_version:
        meaning = await means.meanings.of(last_user_text(asked.said))
    injection = inject(asked, tenant, rules, conversation, meaning)
    if injection.has_new_pins:
        means.sessions.pinned(conversation)
    return injection


def _remember(
    sessions: Sessions, conversation: Conversation, dialect: Dialect, turn: TurnInFlight
) -> None:
    """A conversation without a name is known by its last answer, or by having got none."""

    def complete(data: bytes, encoding: str) -> None:
        sessions.answered(conversation, read_answer(dialect.name, data, encoding).message)

    turn.keep_answer(complete, lambda: sessions.unanswered(conversation))


async def _forward(
    means: Means,
    caller: Caller,
    asked: Asked,
    way: Route,
    conversation: Conversation,
    injection: Injection,
    turn: TurnInFlight,
) -> None:
    turn.mark("forwarded")
    try:
        opened = await open_first(
            means.client,
            means.breakers,
            way,
            asked,
            query=caller.query,
            caller_credentials=caller.credentials,
            policies=means.policies,
        )
        turn.went(opened.way.upstream, opened.way.dialect.name, opened.tried, opened.way.model)
        response, translation = opened.response, opened.way.translation
        headers = _own_headers(turn, conversation, injection)
        sampled = None
        if opened.way.is_sampled and response.status == 200:
            sampled = Wanted.of(asked, caller.tenant.library.generation)
        asked.forget()
        conversation.forget()
        try:
            if sampled is not None:
                await relay_sampled(response, caller.send, turn, headers, translation, sampled)
            elif translation is None:
                await relay(response, caller.send, turn, asked.dialect, headers)
            else:
                await relay_translated(
                    response, caller.send, turn, asked.dialect, headers, translation
                )
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


def _own_headers(
    turn: TurnInFlight, conversation: Conversation, injection: Injection
) -> list[tuple[bytes, bytes]]:
    skills = ",".join([f"{skill.slug}@{skill.version}" for skill in injection.skills])
    return [
        (b"x-metaclaw-turn", str(turn.id).encode()),
        (b"x-metaclaw-session", str(conversation.session_id).encode()),
        (b"x-metaclaw-skills", skills.encode()),
    ]


async def _close(
    caller: Caller, asked: Asked, conversation: Conversation, turn: TurnInFlight
) -> None:
    """End a session at its client's word, without asking any provider."""
    turn.begin(
        grant=caller.grant,
        upstream=None,
        conversation=conversation,
        injection=Injection(),
        request=asked.facts() | {"closes_only": True},
        body=asked.raw,
    )
    kind, answer = closing_answer(asked, turn)
    turn.end(status="complete", http_status=200, data=answer)
    headers = [(b"content-type", kind), *_own_headers(turn, conversation, Injection())]
    await send_whole(caller.send, 200, headers, answer)


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
