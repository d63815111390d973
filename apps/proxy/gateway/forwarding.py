"""Asking a provider, and the next one where that is safe and nothing has been sent yet."""

import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.breaker import Breakers
from apps.proxy.gateway.policies import PolicyClient, no_policy_process, reason_not_to
from apps.proxy.gateway.providers import ProviderFailed, open_upstream
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.routing import Route, Way, in_order
from apps.proxy.gateway.upstream_http import headers_up, target

# The provider says that it did not begin.
_TURNED_AWAY = frozenset({425, 429, 503, 529})
# It failed, perhaps on the way.
_FAILED = frozenset({408, 500, 502, 504})
_BROKEN = frozenset({500, 502, 503, 504, 529})
_KEY_REFUSED = frozenset({401, 403})


@dataclass(slots=True)
class Opened:
    """A provider's answer at its first byte, and the way that led there."""

    response: aiohttp.ClientResponse
    way: Way
    # What was tried before, for the turn's record.
    tried: list[dict[str, Any]] = field(default_factory=list)


def may_repeat(asked: Asked) -> bool:
    """Whether asking twice does nothing but cost: not where the provider keeps what it did.

    https://platform.openai.com/docs/api-reference/responses/create
    """
    values = asked.body.values
    if asked.dialect.name != "responses":
        return not values.get("store")
    keeps = values.get("store", True) is not False
    return not (keeps or values.get("background") or values.get("conversation"))


async def open_first(
    client: aiohttp.ClientSession,
    breakers: Breakers,
    route: Route,
    asked: Asked,
    *,
    query: bytes,
    path: str = "",
    caller_credentials: list[tuple[str, str]] | None = None,
    policies: PolicyClient | None = None,
) -> Opened:
    """The answer of the first provider that gives one. Raises Refusal (400, 502, 504).

    ``path`` is asked instead of the dialect's own; ``caller_credentials`` go to the provider
    in place of the key it was set up with. ``policies``: for whoever can read what they say.
    """
    ways = route.ways
    if caller_credentials is not None:
        # They are one provider's: nobody else is to see them.
        ways = ways[:1]
    if len(ways) > 1:
        ways = tuple(in_order(ways, lambda way: breakers.is_open(way.upstream.upstream_id)))
    tried: list[dict[str, Any]] = []
    for left, way in zip(range(len(ways) - 1, -1, -1), ways, strict=True):
        upstream, began = way.upstream, time.monotonic()
        keys = upstream.credentials() if caller_credentials is None else caller_credentials
        try:
            if way.is_sampled:
                if policies is None:
                    raise no_policy_process()
                body, seconds = way.body(asked), route.first_byte_seconds
                response = await policies.ask(way, body, keys, seconds, has_stand_in=left > 0)
            else:
                url = target(upstream, path or way.dialect.path, query, way.model or asked.model)
                response = await open_upstream(
                    client,
                    "POST",
                    url,
                    headers_up(asked.headers, keys),
                    way.body(asked),
                    upstream,
                    route.first_byte_seconds,
                    route.idle_seconds,
                )
        except ProviderFailed as failure:
            breakers.failed(upstream.upstream_id)
            if not left or (failure.was_sent and not may_repeat(asked)):
                raise
            tried.append(_note(way, failure.code, began))
            continue
        status = response.status
        (breakers.failed if status in _BROKEN else breakers.worked)(upstream.upstream_id)
        is_our_key = status in _KEY_REFUSED and caller_credentials is None
        cannot = reason_not_to(way, response)
        may_go_on = is_our_key or status in _TURNED_AWAY or cannot
        if left and (may_go_on or (status in _FAILED and may_repeat(asked))):
            tried.append(_note(way, cannot or str(status), began))
            response.close()
            continue
        if is_our_key:
            response.close()
            raise _our_key_refused(way, status)
        return Opened(response, way, tried)
    raise AssertionError("a route without a way")


def _note(way: Way, outcome: str, began: float) -> dict[str, Any]:
    milliseconds = int((time.monotonic() - began) * 1000)
    return {"upstream": way.upstream.name, "outcome": outcome, "ms": milliseconds}


def _our_key_refused(way: Way, status: int) -> Refusal:
    """The caller's key is fine; told 401, clients would doubt it and retry for minutes."""
    return Refusal(
        502,
        "upstream_auth_failed",
        f"The provider {way.upstream.name} refused the key it is called with ({status})."
        " Enter a valid one in the console under Upstreams.",
    )
