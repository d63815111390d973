"""How a stream is paced, and what ends it, seen from inside the ASGI application."""

import asyncio
import itertools
import json
from typing import Any

from apps.integrations.practice.app import create_app

BODY = json.dumps(
    {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Who are you?"}]}
).encode()


class Caller:
    """The server's side of one request; the client leaves after ``pieces_until_gone`` pieces."""

    def __init__(self, pieces_until_gone: int | None = None) -> None:
        self.sent: list[tuple[float, Any]] = []
        self._gone = asyncio.Event()
        self._left = pieces_until_gone
        self._is_body_read = False

    async def receive(self) -> Any:
        if not self._is_body_read:
            self._is_body_read = True
            return {"type": "http.request", "body": BODY}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append((asyncio.get_running_loop().time(), message))
        if message["type"] == "http.response.body" and self._left is not None:
            self._left -= 1
            if self._left == 0:
                self._gone.set()

    async def run(self, pause_seconds: float) -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/chat/completions",
            "headers": [],
        }
        await create_app(pause_seconds=pause_seconds)(scope, self.receive, self.send)


async def test_pieces_of_a_stream_lie_a_pause_apart() -> None:
    caller = Caller()

    await caller.run(pause_seconds=0.02)

    times = [at for at, _ in caller.sent[1:]]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(gaps) >= 5
    assert min(gaps) >= 0.015
    assert caller.sent[-1][1]["more_body"] is False


async def test_a_client_that_leaves_ends_the_stream() -> None:
    caller = Caller(pieces_until_gone=2)

    await caller.run(pause_seconds=5)

    assert len(caller.sent) == 3
    assert caller.sent[-1][1]["more_body"] is True
