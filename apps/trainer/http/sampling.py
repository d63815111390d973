"""Sampling sessions, and samples as futures."""

import asyncio
from typing import Any

import orjson
from aiohttp import web

from apps.trainer.engine.bases import Bases
from apps.trainer.errors import BadRequest, Refused
from apps.trainer.http.context import (
    Server,
    answer,
    json_of,
    number_of,
    server_of,
    tenant_of,
    text_of,
)
from apps.trainer.http.futures import promise
from apps.trainer.models.base import Base
from apps.trainer.names import SAMPLER
from apps.trainer.sampling.asks import read_ask
from apps.trainer.types import Sampler

# Beyond this, callers are asked to slow down: each waiting request is a row on disk.
_MOST_WAITING = 10_000


async def create_session(request: web.Request) -> web.Response:
    server, tenant, body = server_of(request), tenant_of(request), await json_of(request)
    session_id = text_of(body, "session_id")
    server.store.sessions.open(tenant, session_id)
    sampler_id = f"{session_id}:sample:{number_of(body, 'sampling_session_seq_id')}"
    path, base = body.get("model_path"), body.get("base_model")
    sampler = policy(server, tenant, sampler_id, session_id, path, base)
    server.store.samplers.create(sampler)
    return answer({"sampling_session_id": sampler_id, "type": "create_sampling_session"})


def policy(
    server: Server, tenant: str, sampler_id: str, session_id: str, path: object, base: object
) -> Sampler:
    """What is sampled from: a checkpoint saved for sampling, or a base model."""
    if path is None:
        name = server.bases.check(base)
        return Sampler(sampler_id, tenant, session_id, name, None, None, None)
    found = server.store.checkpoints.get(tenant, path)
    if found.kind != SAMPLER:
        raise BadRequest("Sampling needs a path saved with save_weights_for_sampler.")
    if base is not None and base != found.base:
        raise BadRequest(f"This checkpoint is of the base model {found.base}.")
    return Sampler(sampler_id, tenant, session_id, found.base, found.lora, found.file, found.path)


async def join_session(request: web.Request) -> web.Response:
    server, body = server_of(request), await json_of(request)
    sampler = server.store.samplers.get(tenant_of(request), text_of(body, "sampling_session_id"))
    number = server.store.samplers.join(sampler.id)
    return answer({"client_counter": number, "type": "join_sampling_session"})


async def get_sampler(request: web.Request) -> web.Response:
    sampler = server_of(request).store.samplers.get(
        tenant_of(request), request.match_info["sampler_id"]
    )
    return answer(
        {
            "sampler_id": sampler.id,
            "base_model": sampler.base,
            "model_path": sampler.model_path,
        }
    )


async def sample(request: web.Request) -> web.Response:
    server, tenant, body = server_of(request), tenant_of(request), await json_of(request)
    sampler = server.store.samplers.get(tenant, text_of(body, "sampling_session_id"))
    seq = number_of(body, "seq_id")
    base = await loaded(server.bases, sampler.base)
    ask = read_ask(body, vocabulary=base.vocabulary, context=base.context)
    ask.check_memory(context=base.context, bytes_per_token=base.bytes_per_token)
    if server.store.requests.pending_count(tenant) >= _MOST_WAITING:
        raise Refused(429, "Too many requests are waiting; send on as they are answered.")
    accepted, is_new = server.store.requests.accept(
        tenant=tenant,
        kind="sample",
        seq=seq,
        payload=orjson.dumps(_kept(body)),
        sampler_id=sampler.id,
        samples=ask.samples,
    )
    if is_new:
        server.engine.submit(accepted)
    return promise(accepted)


async def loaded(bases: Bases, name: str) -> Base:
    """The base model; the first time, the loop goes on while it is read from disk."""
    return await asyncio.to_thread(bases.get, name)


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("type", "seq_id")}
