"""Requests that are no turns: counting tokens, and vectors for texts."""

import aiohttp
import orjson

from apps.core.text import estimate_tokens
from apps.proxy.gateway import asking
from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.chat import Caller, Means, choose
from apps.proxy.gateway.dialects import ANTHROPIC, EMBEDDINGS
from apps.proxy.gateway.forwarding import open_first
from apps.proxy.gateway.limits.meter import Meter
from apps.proxy.gateway.limits.wishing import held, wish
from apps.proxy.gateway.reading import read_body
from apps.proxy.gateway.relay import read_whole, relay, send_whole
from apps.proxy.gateway.routing import Route, route
from apps.proxy.gateway.turn import TurnInFlight
from apps.proxy.gateway.upstream_http import headers_down

_COUNT_PATH = f"{ANTHROPIC.path}/count_tokens"
# A provider with Anthropic's messages need not have this.
_NOT_THERE = frozenset({404, 405, 501})


async def answer_count(means: Means, caller: Caller, turn: TurnInFlight) -> None:
    """How many tokens a request has, with the skills that would go into it.

    A provider that cannot count is stood in for by an estimate, which its header says.
    """
    raw = await read_body(caller.receive, caller.headers)
    asked = asking.read(ANTHROPIC, caller.headers, raw, agent=caller.grant.agent)
    tenant_id, key_id = caller.tenant.config.tenant_id, caller.grant.key_id
    conversation = await means.sessions.resolve(tenant_id, asked, key_id)
    await choose(means, caller.tenant, asked, conversation)
    way = route(caller.tenant, asked, conversation.session_id.hex)
    countable = tuple(one for one in way.ways if one.translation is None)
    if countable and await _relay_count(
        means, caller, asked, Route(countable, way.first_byte_seconds), turn
    ):
        return
    text = (asked.body.rendered() or raw).decode("utf-8", "replace")
    headers = [(b"content-type", b"application/json"), (b"x-metaclaw-estimated", b"true")]
    await send_whole(
        caller.send, 200, headers, orjson.dumps({"input_tokens": estimate_tokens(text)})
    )


async def _relay_count(
    means: Means, caller: Caller, asked: Asked, way: Route, turn: TurnInFlight
) -> bool:
    opened = await open_first(
        means.client,
        means.breakers,
        way,
        asked,
        query=caller.query,
        path=_COUNT_PATH,
        caller_credentials=caller.credentials,
    )
    response = opened.response
    try:
        if response.status in _NOT_THERE:
            return False
        data = await read_whole(response, turn)
    finally:
        response.close()
    await send_whole(caller.send, response.status, headers_down(response.headers), data)
    return True


async def answer_embeddings(means: Means, caller: Caller, turn: TurnInFlight) -> None:
    """Relay a request for vectors; nothing is added to it."""
    raw = await read_body(caller.receive, caller.headers)
    asked = asking.read(EMBEDDINGS, caller.headers, raw, agent=caller.grant.agent)
    way = route(caller.tenant, asked, "")
    wanted = wish(caller, asked, way)
    ticket = await means.gate.enter(caller.tenant.limits, turn.id, wanted)
    turn.meter = ticket.meter if ticket is not None else Meter(is_stream=False)
    with held(ticket, turn):
        opened = await open_first(
            means.client,
            means.breakers,
            way,
            asked,
            query=caller.query,
            caller_credentials=caller.credentials,
        )
        response: aiohttp.ClientResponse = opened.response
        try:
            await relay(response, caller.send, turn, EMBEDDINGS, [])
        finally:
            response.close() if not response.content.is_eof() else response.release()
            if response.status < 400:
                turn.count(caller.grant, opened.way.upstream, asked.facts(), wanted.body_bytes // 4)
