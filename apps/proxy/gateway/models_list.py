"""The provider's list of models, in the shape the caller asked for."""

import aiohttp
from django.conf import settings

from apps.proxy.gateway.chat import Caller, Means
from apps.proxy.gateway.providers import open_upstream
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.upstream_http import credentials, headers_down, headers_up, target


async def answer_models(means: Means, caller: Caller, path: str) -> None:
    """Relay ``GET /v1/models`` (or ``/v1/models/<id>``) to the serving provider."""
    upstream = caller.tenant.serving
    if upstream is None:
        raise Refusal(503, "no_upstream", "This workspace has no model provider yet.")
    keys = credentials(upstream) if caller.credentials is None else caller.credentials
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
    start = {
        "type": "http.response.start",
        "status": response.status,
        "headers": headers_down(response.headers),
    }
    await caller.send(start)
    await caller.send({"type": "http.response.body", "body": body})
