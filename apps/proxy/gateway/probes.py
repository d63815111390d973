"""Whether the process lives, and whether it should get requests."""

from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings

from apps.proxy.gateway import metrics
from apps.proxy.gateway.guard import Headers
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import Send, send_whole

if TYPE_CHECKING:
    from apps.proxy.gateway.app import Gateway


PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


async def answer_probe(
    gateway: "Gateway", path: str, method: str, headers: Headers, send: Send
) -> None:
    """Answer a probe, or any HEAD: clients ask that way who is there.

    Raises Refusal 404 for the figures where no token opens them, 401 without that token.
    """
    if method == "HEAD":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
    elif path == "/healthz":
        await _send_json(send, 200, {"status": "ok"})
    elif path == "/metrics":
        await _send_metrics(headers, send)
    else:
        await _send_json(send, *_readiness(gateway))


async def _send_metrics(headers: Headers, send: Send) -> None:
    token = settings.METACLAW_METRICS_TOKEN
    if not token:
        raise Refusal(404, "unknown_url", "Set METACLAW_METRICS_TOKEN to have figures here.")
    if not metrics.is_allowed(token, headers.get(b"authorization", b"")):
        raise Refusal(401, "metrics_token", "This needs the token of METACLAW_METRICS_TOKEN.")
    kind, body = metrics.page()
    await send_whole(send, 200, [(b"content-type", kind)], body)


def _readiness(gateway: "Gateway") -> tuple[int, dict[str, Any]]:
    is_recording = gateway.spool.is_recording
    status = "ready" if is_recording else "not recording"
    if gateway.is_draining:
        status = "stopping"
    return 200 if status == "ready" else 503, {
        "status": status,
        "recording": is_recording,
        "lost_frames": gateway.spool.lost_frames,
        "push": gateway.snapshots.push_works,
    }


async def _send_json(send: Send, status: int, value: dict[str, Any]) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send_whole(send, status, headers, orjson.dumps(value))
