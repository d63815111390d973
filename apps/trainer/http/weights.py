"""Saving, loading and looking after checkpoints."""

import time
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from apps.trainer.errors import BadRequest
from apps.trainer.http.context import (
    answer,
    json_of,
    number_of,
    object_of,
    page_of,
    server_of,
    tenant_of,
    text_of,
)
from apps.trainer.http.training import accept, create_from_checkpoint
from apps.trainer.names import KINDS, SAMPLER, TRAINING, TinkerPath, checked_name
from apps.trainer.types import Checkpoint, Run

_SHORTEST_TTL = 3_600
_LONGEST_TTL = 10 * 366 * 86_400
_MOST_LABELS = 64


async def save_weights(request: web.Request) -> web.Response:
    server, body = server_of(request), await json_of(request)
    run = server.store.runs.get(tenant_of(request), text_of(body, "model_id"))
    seq = number_of(body, "seq_id", least=1)
    asked = _asked(body, seq) | {"overwrite": body.get("overwrite") is True}
    return accept(server, run, "save_weights", seq, orjson.dumps(asked))


async def save_for_sampler(request: web.Request) -> web.Response:
    server, body = server_of(request), await json_of(request)
    run = server.store.runs.get(tenant_of(request), text_of(body, "model_id"))
    seq = number_of(body, "seq_id", least=1)
    kind = body.get("kind", "snapshot")
    if kind not in ("snapshot", "inflight"):
        raise BadRequest("kind must be snapshot or inflight.")
    sampler_id = None
    if body.get("path") is None:
        sampler_id = f"{run.session_id}:sample:{number_of(body, 'sampling_session_seq_id')}"
    asked = _asked(body, seq) | {
        # The SDK cannot say overwrite here: whoever repeats a name means the newest.
        "overwrite": True,
        "sampler_id": sampler_id,
        "is_live": kind == "inflight",
    }
    return accept(server, run, "save_weights_for_sampler", seq, orjson.dumps(asked))


async def load_weights(request: web.Request) -> web.Response:
    server, tenant, body = server_of(request), tenant_of(request), await json_of(request)
    if body.get("weights_access_token"):
        raise BadRequest("Weights of other accounts cannot be loaded here.")
    if body.get("session_id") is not None:
        return create_from_checkpoint(server, tenant, body)
    run = server.store.runs.get(tenant, text_of(body, "model_id"))
    server.store.checkpoints.get(tenant, body.get("path"))
    seq = number_of(body, "seq_id", least=1)
    return accept(server, run, "load_weights", seq, orjson.dumps(body))


async def weights_info(request: web.Request) -> web.Response:
    body = await json_of(request)
    found = server_of(request).store.checkpoints.get(tenant_of(request), body.get("tinker_path"))
    return answer(
        {
            "base_model": found.base,
            "is_lora": True,
            "lora_rank": found.lora.rank,
            "train_unembed": found.lora.train_unembed,
            "train_mlp": found.lora.train_mlp,
            "train_attn": found.lora.train_attn,
        }
    )


async def list_runs(request: web.Request) -> web.Response:
    limit, offset = page_of(request)
    runs, total = server_of(request).store.runs.page(tenant_of(request), limit=limit, offset=offset)
    return answer(
        {
            "training_runs": [_run_row(request, run) for run in runs],
            "cursor": {"offset": offset, "limit": limit, "total_count": total},
        }
    )


async def get_run(request: web.Request) -> web.Response:
    run = server_of(request).store.runs.listed(tenant_of(request), request.match_info["run_id"])
    return answer(_run_row(request, run))


async def list_checkpoints(request: web.Request) -> web.Response:
    store, tenant = server_of(request).store, tenant_of(request)
    run = store.runs.listed(tenant, request.match_info["run_id"])
    rows = [_row(found) for found in store.checkpoints.of_run(tenant, run.id)]
    return answer({"checkpoints": rows, "cursor": None})


async def list_all_checkpoints(request: web.Request) -> web.Response:
    limit, offset = page_of(request)
    found, total = server_of(request).store.checkpoints.page(
        tenant_of(request), limit=limit, offset=offset
    )
    cursor = {"offset": offset, "limit": limit, "total_count": total}
    return answer({"checkpoints": [_row(one) for one in found], "cursor": cursor})


async def delete_checkpoint(request: web.Request) -> web.Response:
    store = server_of(request).store
    found = _named(request)
    with store.database.transaction():
        store.checkpoints.delete(found.path)
        store.samplers.delete_of(found.path)
    store.remove_unused(found.file)
    return web.Response(status=204)


async def set_ttl(request: web.Request) -> web.Response:
    found = _named(request)
    ttl = _ttl((await json_of(request)).get("ttl_seconds"))
    expires_at = None if ttl is None else time.time() + ttl
    server_of(request).store.checkpoints.set_expiry(found.path, expires_at)
    return web.Response(status=204)


async def refuse_publishing(request: web.Request) -> web.Response:
    raise BadRequest("Checkpoints of this trainer belong to one tenant; they cannot be published.")


async def refuse_external(request: web.Request) -> web.Response:
    raise BadRequest("This trainer keeps weights in its own folder; it exports none.")


def _named(request: web.Request) -> Checkpoint:
    run_id, kind, name = (request.match_info[part] for part in ("run_id", "kind", "name"))
    if kind not in KINDS:
        raise BadRequest("A checkpoint is <weights|sampler_weights>/<name>.")
    path = TinkerPath(run_id, kind, checked_name(name))
    return server_of(request).store.checkpoints.get(tenant_of(request), str(path))


def _asked(body: dict[str, Any], seq: int) -> dict[str, Any]:
    labels = object_of(body, "user_metadata")
    if labels is not None and (
        len(labels) > _MOST_LABELS or not all(isinstance(value, str) for value in labels.values())
    ):
        raise BadRequest(f"user_metadata holds up to {_MOST_LABELS} texts.")
    name = body.get("path")
    return {
        "name": f"{seq:06d}" if name is None else checked_name(name),
        "ttl_seconds": _ttl(body.get("ttl_seconds")),
        "metadata": labels,
    }


def _ttl(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not _SHORTEST_TTL <= value <= _LONGEST_TTL:
        raise BadRequest("ttl_seconds must be between an hour (3600) and ten years.")
    return value


def _run_row(request: web.Request, run: Run) -> dict[str, Any]:
    kept = server_of(request).store.checkpoints.of_run(run.tenant, run.id)
    last = {found.kind: _row(found) for found in kept}
    labels = {name: str(value) for name, value in (run.metadata or {}).items()}
    return {
        "training_run_id": run.id,
        "base_model": run.base,
        "model_owner": run.tenant,
        "is_lora": True,
        "lora_rank": run.lora.rank,
        "last_request_time": _instant(run.used_at),
        "last_checkpoint": last.get(TRAINING),
        "last_sampler_checkpoint": last.get(SAMPLER),
        "user_metadata": labels or None,
    }


def _row(found: Checkpoint) -> dict[str, Any]:
    return {
        "checkpoint_id": f"{found.kind}/{found.name}",
        "checkpoint_type": KINDS[found.kind],
        "time": _instant(found.created_at),
        "tinker_path": found.path,
        "size_bytes": found.size,
        "public": False,
        "user_metadata": found.metadata,
        "expires_at": None if found.expires_at is None else _instant(found.expires_at),
    }


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
