"""The models a workspace has, in the shape the caller asked for."""

from typing import Any

import aiohttp
import orjson
from django.conf import settings

from apps.proxy.gateway.chat import Caller, Means
from apps.proxy.gateway.providers import open_upstream
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import send_whole
from apps.proxy.gateway.upstream_http import headers_down, headers_up, target

_LIST = "/v1/models"
_JSON = (b"content-type", b"application/json")


async def answer_models(means: Means, caller: Caller, path: str) -> None:
    """``GET /v1/models``: what the workspace's routes are called, and what its provider has.

    ``/v1/models/<id>`` of a route is answered here, of anything else by the provider.
    """
    names = caller.tenant.routes.names
    wanted = path.removeprefix(f"{_LIST}/")
    if path != _LIST and wanted in names:
        body = _of_routes([wanted], is_anthropic=_wants_anthropic(caller))["data"][0]
        await send_whole(caller.send, 200, [_JSON], orjson.dumps(body))
        return
    status, headers, data = await _of_provider(means, caller, path)
    if path == _LIST and names:
        status, headers, data = (
            200,
            [_JSON],
            _joined(names, data, is_anthropic=_wants_anthropic(caller)),
        )
    await send_whole(caller.send, status, headers, data)


def _wants_anthropic(caller: Caller) -> bool:
    return b"anthropic-version" in caller.headers


def _of_routes(names: list[str], *, is_anthropic: bool) -> dict[str, Any]:
    """https://docs.claude.com/en/api/models-list and
    https://platform.openai.com/docs/api-reference/models/list"""
    if is_anthropic:
        rows = [{"type": "model", "id": name, "display_name": name} for name in names]
        ends = {"first_id": names[0], "last_id": names[-1], "has_more": False}
        return {"data": rows, **ends}
    rows = [{"id": name, "object": "model", "owned_by": "metaclaw"} for name in names]
    return {"object": "list", "data": rows}


def _joined(names: list[str], data: bytes, *, is_anthropic: bool) -> bytes:
    """The routes first, then what the provider lists, if that can be read."""
    found = _of_routes(names, is_anthropic=is_anthropic)
    try:
        theirs = orjson.loads(data).get("data")
    except (orjson.JSONDecodeError, AttributeError):
        theirs = None
    for row in theirs if isinstance(theirs, list) else ():
        if isinstance(row, dict) and row.get("id") not in names:
            found["data"].append(row)
    return orjson.dumps(found)


async def _of_provider(
    means: Means, caller: Caller, path: str
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    upstream = caller.tenant.serving
    if upstream is None:
        raise Refusal(503, "no_upstream", "This workspace has no model provider yet.")
    keys = upstream.credentials() if caller.credentials is None else caller.credentials
    response = await open_upstream(
        means.client,
        "GET",
        target(upstream, path.removeprefix("/v1"), caller.query),
        headers_up(caller.headers, keys),
        None,
        upstream,
        settings.METACLAW_FIRST_BYTE_TIMEOUT_SECONDS,
    )
    try:
        body = await response.read()
    except (aiohttp.ClientError, TimeoutError) as exc:
        raise Refusal(502, "upstream_failed", "The provider's answer broke off.") from exc
    finally:
        response.close()
    return response.status, headers_down(response.headers), body
