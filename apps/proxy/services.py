"""What the console has of the gateway: a request on somebody's behalf, and what comes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import httpx2
from django.conf import settings

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.proxy.arrivals import Arrivals
from apps.proxy.errors import GatewayAway
from apps.tenants.models import RefusedRequest
from apps.tenants.selectors import key_names, refused_latest
from apps.tenants.services import key_create, key_revoke
from apps.tenants.types import Actor
from apps.upstreams.selectors import connection_for
from apps.upstreams.types import UpstreamConnection

_TIMEOUT_SECONDS = 60.0
_KEY_LIFE = timedelta(minutes=5)


_arrivals = cache(Arrivals)


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes in right now; ``under_way`` only while somebody waits for it."""

    under_way: dict[str, Any] | None
    refused: Sequence[RefusedRequest]
    key_names: dict[UUID, str]


def arrivals_get(*, tenant_id: UUID) -> Coming:
    """Requests under way and turned away. Whoever asks is told of those that follow."""
    arrivals = _arrivals()
    arrivals.wait(tenant_id)
    refused = list(refused_latest(tenant_id=tenant_id))
    names = key_names(tenant_id=tenant_id) if refused else {}
    return Coming(arrivals.latest(tenant_id), refused, names)


@dataclass(frozen=True, slots=True)
class TestAnswer:
    turn_id: str | None
    http_status: int
    detail: str


def test_request_send(*, tenant_id: UUID, actor: Actor, message: str) -> TestAnswer:
    """Send one real chat request through the gateway, with a key made for it alone.

    Raises GatewayAway. No transaction is open while the model answers.
    """
    with tenant_tx(tenant_id):
        upstream = connection_for(tenant_id=tenant_id, use="serve")
        key, text = key_create(
            tenant_id=tenant_id,
            actor=actor,
            name="Test request from the console",
            scopes=["gateway"],
            expires_at=now() + _KEY_LIFE,
            is_internal=True,
        )
    path, body = _request(upstream, message)
    try:
        # The address is the installation's own, not a tenant's: it needs no guard.
        answer = httpx2.post(
            f"{settings.METACLAW_GATEWAY_URL}{path}",
            json=body,
            headers={"authorization": f"Bearer {text}", "x-agent-id": "console"},
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
        )
    except httpx2.HTTPError as exc:
        raise GatewayAway(
            say("gateway_away", "The gateway does not answer: {why}", why=str(exc))
        ) from exc
    finally:
        key_revoke(tenant_id=tenant_id, actor=actor, key_id=key.id, is_noted=False)
    detail = "" if answer.status_code < 400 else _message_of(answer)
    return TestAnswer(answer.headers.get("x-metaclaw-turn"), answer.status_code, detail)


def _request(upstream: UpstreamConnection, message: str) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {
        "model": upstream.model or "default",
        "messages": [{"role": "user", "content": message}],
    }
    if upstream.kind == "anthropic":
        return "/v1/messages", body | {"max_tokens": 300}
    return "/v1/chat/completions", body


def _message_of(answer: httpx2.Response) -> str:
    try:
        return str(answer.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:500]
