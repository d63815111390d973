"""The scripted model provider: a real HTTP server on loopback, in a thread of its own."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.clients import wire
from tests.clients.script import next_step
from tests.loops import wind_up

MODEL = "scripted-1"
# The stack judges what it recorded with the provider that serves: no part of a conversation.
_VERDICT = {
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": '{"vote": 1, "rationale": "As scripted."}'},
        }
    ]
}
_DIALECTS = {"/chat/completions": "chat", "/messages": "messages", "/responses": "responses"}


@dataclass
class Exchange:
    """One request as it arrived, and the answer it got."""

    path: str
    dialect: str
    headers: list[tuple[str, str]]
    text: str
    body: Any
    answer: str = ""


@dataclass
class Upstream:
    exchanges: list[Exchange] = field(default_factory=list)
    # What was asked for and is not part of any dialect: a client that changed shows here.
    unknown: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        dialect = next((name for end, name in _DIALECTS.items() if request.path.endswith(end)), "")
        if request.method != "POST" or not dialect:
            return self._other(request)
        text = (await request.read()).decode()
        body = json.loads(text)
        if "# MetaClaw judge" in text:
            return web.json_response(_VERDICT)
        headers = [(name.lower(), value) for name, value in request.headers.items()]
        exchange = Exchange(request.raw_path, dialect, headers, text, body)
        self.exchanges.append(exchange)
        step = next_step(dialect, body)
        is_stream = bool(body.get("stream"))
        make = wire.stream if is_stream else wire.whole
        content = make(dialect, str(body.get("model")), step)
        exchange.answer = content.decode()
        if not is_stream:
            return web.Response(body=content, content_type="application/json")
        return await _send(request, content)

    def _other(self, request: web.Request) -> web.Response:
        if request.path.endswith("/models"):
            return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        if request.path.endswith("/count_tokens"):
            return web.json_response({"input_tokens": 900})
        self.unknown.append(f"{request.method} {request.raw_path}")
        return web.json_response({"error": {"message": "not part of the script"}}, status=404)


async def _send(request: web.Request, content: bytes) -> web.StreamResponse:
    """One event at a time, as a model would."""
    response = web.StreamResponse(headers={"content-type": "text/event-stream"})
    await response.prepare(request)
    for event in content.split(b"\n\n")[:-1]:
        await asyncio.sleep(0.005)
        await response.write(event + b"\n\n")
    # Codex and OpenClaw hang up as soon as they have seen the last event.
    with suppress(ConnectionError):
        await response.write_eof()
    return response


@contextmanager
def running_upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    loop = asyncio.new_event_loop()
    up = threading.Event()

    async def serve() -> web.AppRunner:
        app = web.Application(client_max_size=1 << 28)
        app.router.add_route("*", "/{path:.*}", upstream.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        upstream.port = runner.addresses[0][1]
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        loop.call_soon(up.set)
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.run_until_complete(wind_up())
        loop.close()

    thread = threading.Thread(target=run, name="scripted upstream", daemon=True)
    thread.start()
    assert up.wait(10)
    try:
        yield upstream
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
