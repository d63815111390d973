"""Waiting for what was accepted."""

import asyncio
from typing import Any

from aiohttp import web

from apps.trainer.http.context import (
    Server,
    answer,
    json_of,
    server_of,
    tenant_of,
    text_of,
)
from apps.trainer.types import Answer, Request

_PROTO = "application/x-protobuf"
# The SDK gives a poll 45 s; this much less so that a proxy between us does not end it first.
_LONGEST_WAIT = 10.0


def promise(request: Request) -> web.Response:
    """The answer to accepted work: where to ask for its outcome."""
    values: dict[str, Any] = {"request_id": request.id, "model_id": request.run_id}
    if request.kind == "sample":
        values["sample_sequence_ids"] = [f"{request.id}:{i}" for i in range(request.samples)]
    return answer(values)


async def retrieve(request: web.Request) -> web.Response:
    server, tenant = server_of(request), tenant_of(request)
    request_id = text_of(await json_of(request), "request_id")
    outcome = await _outcome(server, tenant, request_id)
    if outcome is None:
        again = {"type": "try_again", "request_id": request_id, "queue_state": "active"}
        return answer(again, status=408)
    if isinstance(outcome, Answer):
        kind = _PROTO if outcome.is_proto else "application/json"
        return web.Response(body=outcome.body, content_type=kind)
    message, category = outcome
    return answer({"error": message, "category": category})


async def cancel(request: web.Request) -> web.Response:
    """Stop sampling. Training is not cancelled: those behind it count on its place."""
    server = server_of(request)
    request_id = text_of(await json_of(request), "request_id")
    found = server.store.requests.owned(tenant_of(request), request_id)
    if found.kind == "sample" and found.status == "pending":
        server.engine.cancel(found.id)
    return answer(None)


async def _outcome(server: Server, tenant: str, request_id: str) -> Answer | tuple[str, str] | None:
    # Listening before looking: an outcome between the two is not missed.
    event = server.waiting.enter(request_id)
    try:
        outcome = server.store.requests.answer(tenant, request_id)
        if outcome is None:
            try:
                await asyncio.wait_for(event.wait(), _LONGEST_WAIT)
            except TimeoutError:
                return None
            outcome = server.store.requests.answer(tenant, request_id)
        return outcome
    finally:
        server.waiting.leave(request_id, event)
