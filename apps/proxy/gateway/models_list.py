"""The provider's list of models, in the shape the caller asked for."""

from collections.abc import Mapping

import aiohttp

from apps.proxy.gateway.dialects import ANTHROPIC, OPENAI
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import Send, open_upstream
from apps.proxy.gateway.snapshots import TenantSnapshot
from apps.proxy.gateway.upstream_http import headers_down, headers_up, target


async def answer_models(
    *,
    client: aiohttp.ClientSession,
    tenant: TenantSnapshot,
    path: str,
    query: bytes,
    headers: Mapping[bytes, bytes],
    send: Send,
) -> None:
    """Relay ``GET /v1/models`` (or ``/v1/models/<id>``) to the serving provider."""
    upstream = tenant.serving
    if upstream is None:
        raise Refusal(503, "no_upstream", "This workspace has no model provider yet.")
    dialect = ANTHROPIC if upstream.kind == "anthropic" else OPENAI
    url = target(upstream, path.removeprefix("/v1"), query)
    up = headers_up(headers, dialect.credentials(upstream.api_key))
    response = await open_upstream(client, "GET", url, up, None, upstream)
    try:
        body = await response.read()
    except (aiohttp.ClientError, TimeoutError) as exc:
        raise Refusal(502, "upstream_failed", "The provider's answer broke off.") from exc
    finally:
        response.close()
    start = {
        "type": "http.response.start",
        "status": response.status,
        "headers": headers_down(response),
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
