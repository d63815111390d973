"""Whether the process lives, and whether it should get requests."""

from typing import TYPE_CHECKING, Any

import orjson

from apps.proxy.gateway.relay import Send, send_whole

if TYPE_CHECKING:
    from apps.proxy.gateway.app import Gateway


PROBES = frozenset({"/healthz", "/readyz"})


async def answer_probe(gateway: "Gateway", path: str, method: str, send: Send) -> None:
    """Answer ``/healthz``, ``/readyz`` or any HEAD: clients ask that way who is there."""
    if method == "HEAD":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
    elif path == "/healthz":
        await _send_json(send, 200, {"status": "ok"})
    else:
        await _send_json(send, *_readiness(gateway))


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
