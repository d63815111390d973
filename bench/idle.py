"""What an open stream costs in memory while nothing comes: many agents wait for a slow model."""

import socket
import time
from dataclasses import dataclass

from bench import prompts
from bench.processes import Watched

# The provider answers with headers at once, and with nothing else for so long.
SILENT_MS = 120_000
_SETTLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """The gateway's port, and the key of a workspace whose provider is silent."""

    port: int
    key: str


def cost_of_streams(gateway: Watched, place: Place, count: int) -> float:
    """Kilobytes the process grew by for each of ``count`` open streams."""
    before = gateway.resident_mb()
    plugs = _open(place, count)
    time.sleep(_SETTLE_SECONDS)
    grown = gateway.resident_mb() - before
    _close(plugs)
    time.sleep(_SETTLE_SECONDS)
    return max(0.0, grown) * 1024 / count


def _open(place: Place, count: int) -> list[socket.socket]:
    body = prompts.request_body(is_stream=True)
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\n"
        f"authorization: Bearer {place.key}\r\nx-turn-type: side\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
        "x-session-id: idle-{}\r\n\r\n"
    )
    plugs = []
    for number in range(count):
        plug = socket.create_connection(("127.0.0.1", place.port), timeout=10)
        plug.sendall(head.format(number).encode() + body)
        plugs.append(plug)
    return plugs


def _close(plugs: list[socket.socket]) -> None:
    for plug in plugs:
        plug.close()
