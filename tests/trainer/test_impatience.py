"""The SDK, whose version is pinned, gives up where the policy process needs it to."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.policy import opening
from apps.integrations.tinker.types import SamplingWish
from tests.trainer.sdk import WAIT, service

_ANSWERS: dict[str, dict[str, Any]] = {
    "client/config": {"use_pyqwest_transport": False},
    "client/dynamic_config": {"refresh_interval_sec": 300, "sample_cancel_enabled": True},
    "create_session": {"session_id": "s"},
    "create_sampling_session": {"sampling_session_id": "s:sample:0"},
    "asample": {"request_id": "r1", "sample_sequence_ids": ["q1"]},
}


class Server(ThreadingHTTPServer):
    """A Tinker API that accepts a sample and never finishes it, or refuses it with ``status``."""

    daemon_threads = True

    def __init__(self, status: int) -> None:
        self.status = status
        self.asked = 0
        self.taken_back: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.removeprefix("/api/v1/")
        status, answer = 200, _ANSWERS.get(path, {})
        if path == "asample":
            self.server.asked += 1
            status = self.server.status
        elif path == "retrieve_future":
            time.sleep(0.1)
            status, answer = 408, {"type": "try_again", "request_id": "r1", "queue_state": "active"}
        elif path == "cancel_future":
            self.server.taken_back.append(json.loads(body)["request_id"])
        self._send(status, answer)

    def do_GET(self) -> None:
        self._send(200, {"sampler_id": "s:sample:0", "base_model": "org/base"})

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    one = Server(request.param)
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join(5)


@pytest.fixture
def policy(server: Server) -> Iterator[opening._SdkPolicy]:
    found = service(server.url, "tml-key")
    client = found.create_sampling_client(base_model="org/base").result(timeout=WAIT)
    yield opening._SdkPolicy(found, client, "org/base", None, None)  # type: ignore[arg-type]
    found.close("success").result(timeout=WAIT)


@pytest.mark.parametrize("server, reason", [(402, "billing"), (429, "busy")], indirect=["server"])
async def test_without_credit_or_turned_away_it_does_not_wait_for_ever(
    policy: opening._SdkPolicy, server: Server, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PUT_OFF_SECONDS", 0.5)

    with pytest.raises(TrainerFailed) as caught:
        async with asyncio.timeout(30):
            await policy.sample([1, 2, 3], SamplingWish(max_tokens=4))

    assert caught.value.reason == reason
    # Not at the first word: a trainer may be busy for a moment.
    assert server.asked > 1


@pytest.mark.parametrize("server", [200], indirect=True)
async def test_a_request_that_nobody_waits_for_is_taken_back(
    policy: opening._SdkPolicy, server: Server
) -> None:
    waiting = asyncio.create_task(policy.sample([1, 2, 3], SamplingWish(max_tokens=4)))
    while not server.asked:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)

    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting

    give_up = time.monotonic() + 10
    while not server.taken_back and time.monotonic() < give_up:
        await asyncio.sleep(0.02)
    assert server.taken_back == ["r1"]
