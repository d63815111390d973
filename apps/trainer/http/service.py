"""What a client asks first: settings, sessions, what there is."""

import asyncio
from typing import Any

import orjson
from aiohttp import web

from apps.trainer.errors import BadRequest
from apps.trainer.http.context import (
    answer,
    json_of,
    object_of,
    page_of,
    server_of,
    tenant_of,
    text_of,
)

_CONFIG = {
    "pjwt_auth_enabled": False,
    "proto_compress_fwdbwd": True,
    "parallel_fwdbwd_chunks": True,
    "fwdbwd_max_chunk_len": 1024,
    "fwdbwd_max_chunk_bytes_count": 5_000_000,
    "sample_use_retrieve_futures": False,
    "sample_join_sampling_session": True,
    "sample_max_concurrent_requests": 512,
    "billing_exception_max_pause_duration_sec": 30,
}
_FINISHES = ("success", "errored", "interrupted")


async def health(request: web.Request) -> web.Response:
    return answer({"status": "ok"})


async def client_config(request: web.Request) -> web.Response:
    return answer(_CONFIG)


async def dynamic_config(request: web.Request) -> web.Response:
    return answer({"refresh_interval_sec": 300, "sample_cancel_enabled": True})


async def telemetry(request: web.Request) -> web.Response:
    """Read and dropped: nothing about a caller is kept that they did not ask us to keep."""
    await request.read()
    return answer({"status": "accepted"})


async def capabilities(request: web.Request) -> web.Response:
    bases = server_of(request).bases
    rows: list[dict[str, Any]] = []
    for name in bases.names:
        context = await asyncio.to_thread(bases.context, name)
        rows.append(
            {
                "model_name": name,
                "max_context_length": context,
                "trainable": True,
                "sampleable": True,
            }
        )
    return answer({"supported_models": rows})


async def whoami(request: web.Request) -> web.Response:
    tenant = tenant_of(request)
    return answer({"user_urn": f"urn:local:user:{tenant}", "org_urn": f"urn:local:org:{tenant}"})


async def create_session(request: web.Request) -> web.Response:
    body = await json_of(request)
    name = body.get("display_name")
    session_id = server_of(request).store.sessions.create(
        tenant_of(request),
        object_of(body, "user_metadata"),
        name if isinstance(name, str) else None,
    )
    return answer({"session_id": session_id, "type": "create_session"})


async def heartbeat(request: web.Request) -> web.Response:
    body = await json_of(request)
    server_of(request).store.sessions.seen(tenant_of(request), text_of(body, "session_id"))
    return answer({"type": "session_heartbeat"})


async def finish_session(request: web.Request) -> web.Response:
    reason = (await json_of(request)).get("reason")
    kind = reason.get("type") if isinstance(reason, dict) else None
    if kind not in _FINISHES:
        raise BadRequest(f"reason must be one of {', '.join(_FINISHES)}.")
    session_id = request.match_info["session_id"]
    server_of(request).store.sessions.finish(tenant_of(request), session_id, kind)
    return answer(None)


async def list_sessions(request: web.Request) -> web.Response:
    limit, offset = page_of(request)
    sessions = server_of(request).store.sessions.page(
        tenant_of(request), limit=limit, offset=offset
    )
    return answer({"sessions": sessions})


async def get_session(request: web.Request) -> web.Response:
    sessions = server_of(request).store.sessions
    row = sessions.get(tenant_of(request), request.match_info["session_id"])
    runs, samplers = sessions.members(row["id"])
    return answer(
        {
            "training_run_ids": runs,
            "sampler_ids": samplers,
            "user_metadata": orjson.loads(row["metadata"]),
            "display_name": row["display_name"],
        }
    )
