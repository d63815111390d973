"""Training requests: checked, stored, and only then answered."""

import secrets
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import orjson
from aiohttp import web

from apps.trainer.errors import BadRequest
from apps.trainer.http.context import (
    Server,
    answer,
    body_of,
    json_of,
    number_of,
    object_of,
    server_of,
    tenant_of,
    text_of,
)
from apps.trainer.http.futures import promise
from apps.trainer.training.optimizer import AdamParams
from apps.trainer.types import Kind, LoraSpec, Run
from apps.trainer.wire.datums import read_pass

LARGEST_RANK = 256
# How far ahead of the last one done a request may come.
_MOST_AHEAD = 100_000
_FLAGS = ("train_mlp", "train_attn", "train_unembed")


async def create_model(request: web.Request) -> web.Response:
    server, tenant, body = server_of(request), tenant_of(request), await json_of(request)
    check_optimizer(body.get("optimizer_config"))
    spec = _lora(object_of(body, "lora_config"))
    base = server.bases.check(body.get("base_model"))
    return _create(server, tenant, body, "create_model", base, spec)


def create_from_checkpoint(server: Server, tenant: str, body: dict[str, Any]) -> web.Response:
    """A new run whose first request loads weights."""
    check_optimizer(body.get("optimizer_config"))
    checkpoint = server.store.checkpoints.get(tenant, body.get("path"))
    wanted = body.get("base_model")
    if wanted is not None and wanted != checkpoint.base:
        raise BadRequest(f"This checkpoint is of the base model {checkpoint.base}.")
    base = server.bases.check(checkpoint.base)
    return _create(server, tenant, body, "load_weights", base, checkpoint.lora)


async def forward_backward(request: web.Request) -> web.Response:
    server, body = server_of(request), await body_of(request)
    asked = read_pass(body)
    kind: Kind = "forward" if asked.is_forward_only else "forward_backward"
    run = server.store.runs.get(tenant_of(request), asked.model_id)
    return accept(server, run, kind, asked.seq, body)


async def optim_step(request: web.Request) -> web.Response:
    server, body = server_of(request), await json_of(request)
    run = server.store.runs.get(tenant_of(request), text_of(body, "model_id"))
    if body.get("optimizer_params") is not None:
        raise BadRequest("This trainer has AdamW only.")
    params = _adam(object_of(body, "adam_params") or {})
    return accept(server, run, "optim_step", number_of(body, "seq_id", least=1), params)


async def get_info(request: web.Request) -> web.Response:
    server, body = server_of(request), await json_of(request)
    run = server.store.runs.get(tenant_of(request), text_of(body, "model_id"))
    tokenizer = str(server.bases.folder(run.base))
    return answer(
        {
            "type": "get_info",
            "model_id": run.id,
            "model_data": {
                "arch": server.bases.architecture(run.base),
                "model_name": run.base,
                "tokenizer_id": tokenizer,
            },
            "is_lora": True,
            "lora_rank": run.lora.rank,
            "model_name": run.base,
        }
    )


async def unload_model(request: web.Request) -> web.Response:
    server, body = server_of(request), await json_of(request)
    run = server.store.runs.get(tenant_of(request), text_of(body, "model_id"))
    server.store.runs.unload(run.id)
    server.engine.forget_run(run.id)
    server.store.remove_unused(run.file)
    return answer({"model_id": run.id, "type": "unload_model", "request_id": secrets.token_hex(16)})


def accept(server: Server, run: Run, kind: Kind, seq: int, payload: bytes) -> web.Response:
    """Store the request as the run's number ``seq``, or find the one that it repeats."""
    if not 1 <= seq <= run.applied + _MOST_AHEAD:
        raise BadRequest(f"seq_id {seq} is out of range; the last one done is {run.applied}.")
    accepted, is_new = server.store.requests.accept(
        tenant=run.tenant, kind=kind, seq=seq, payload=payload, run_id=run.id
    )
    if is_new:
        server.engine.submit(accepted)
    return promise(accepted)


def check_optimizer(config: object) -> None:
    kind = config.get("type", "adamw") if isinstance(config, dict) else "adamw"
    if kind != "adamw":
        raise BadRequest("This trainer has AdamW only.")


def _create(
    server: Server, tenant: str, body: dict[str, Any], kind: Kind, base: str, spec: LoraSpec
) -> web.Response:
    session_id = text_of(body, "session_id")
    server.store.sessions.open(tenant, session_id)
    # The SDK works this id out for itself.
    run_id = f"{session_id}:train:{number_of(body, 'model_seq_id')}"
    with server.store.database.transaction():
        server.store.runs.create(
            run_id=run_id,
            tenant=tenant,
            session_id=session_id,
            base=base,
            lora=spec,
            metadata=object_of(body, "user_metadata"),
        )
        accepted, is_new = server.store.requests.accept(
            tenant=tenant, kind=kind, seq=0, payload=orjson.dumps(body), run_id=run_id
        )
    if is_new:
        server.engine.submit(accepted)
    return promise(accepted)


def _lora(config: Mapping[str, Any] | None) -> LoraSpec:
    if config is None:
        raise BadRequest("lora_config is missing: only adapters are trained here.")
    rank = config.get("rank")
    if type(rank) is not int or not 1 <= rank <= LARGEST_RANK:
        raise BadRequest(f"The rank of an adapter must be between 1 and {LARGEST_RANK}.")
    seed = config.get("seed")
    if seed is not None and type(seed) is not int:
        raise BadRequest("seed must be a whole number.")
    flags = {name: config.get(name, True) is True for name in _FLAGS}
    if not any(flags.values()):
        raise BadRequest("This adapter would change nothing: every train_ option is off.")
    return LoraSpec(rank=rank, seed=secrets.randbits(48) if seed is None else seed % 2**63, **flags)


def _adam(params: Mapping[str, Any]) -> bytes:
    known = {field.name: field.default for field in fields(AdamParams)}
    unknown = sorted(params.keys() - known.keys())
    if unknown:
        raise BadRequest(f"Unknown Adam parameters: {', '.join(unknown)}.")
    for name, value in params.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadRequest(f"{name} must be a number.")
        if value < 0 or value != value or value == float("inf"):
            raise BadRequest(f"{name} must be finite and not negative.")
        if name in ("beta1", "beta2") and value >= 1:
            raise BadRequest(f"{name} must be below 1.")
    return orjson.dumps({**known, **params})
