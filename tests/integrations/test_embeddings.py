"""Embeddings against a real HTTP endpoint: stored for skills, asked for on the way."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from apps.core.errors import UpstreamFailed
from apps.integrations.embeddings.client import embed
from apps.integrations.embeddings.query import QueryEmbedder


@dataclass
class Endpoint:
    url: str = ""
    pause: float = 0.0
    status: int = 200
    asked: list[Any] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body["input"])
        await asyncio.sleep(self.pause)
        if self.status != 200:
            return web.json_response({"error": {"message": "no"}}, status=self.status)
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        rows = [{"index": i, "embedding": [float(len(t)), 1.0]} for i, t in enumerate(texts)]
        return web.json_response({"data": rows, "model": "m", "object": "list"})


class OneVector(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        rows = [{"object": "embedding", "index": 0, "embedding": [0.5, 0.5]}]
        body = json.dumps({"data": rows, "model": "m", "object": "list"}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest_asyncio.fixture
async def endpoint(settings) -> AsyncIterator[Endpoint]:
    found = Endpoint()
    app = web.Application()
    app.router.add_post("/v1/embeddings", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    settings.METACLAW_EMBEDDINGS_URL = found.url
    settings.METACLAW_EMBEDDINGS_MODEL = "m"
    settings.METACLAW_EMBEDDINGS_DEADLINE_MS = 1000
    yield found
    await runner.cleanup()


async def test_the_same_text_is_asked_for_once(endpoint):
    async with aiohttp.ClientSession() as client:
        embedder = QueryEmbedder(client)

        together = await asyncio.gather(*(embedder.vector("hello") for _ in range(3)))
        later = await embedder.vector("hello")

    assert [*together, later] == [(5.0, 1.0)] * 4
    assert endpoint.asked == ["hello"]


async def test_a_late_vector_is_there_for_the_next_request(endpoint, settings):
    settings.METACLAW_EMBEDDINGS_DEADLINE_MS = 5
    endpoint.pause = 0.15
    async with aiohttp.ClientSession() as client:
        embedder = QueryEmbedder(client)

        assert await embedder.vector("hello") is None
        await asyncio.sleep(0.4)
        assert await embedder.vector("hello") == (5.0, 1.0)


@pytest.mark.parametrize("status", [401, 500])
async def test_an_endpoint_that_fails_means_no_vector(endpoint, status):
    endpoint.status = status
    async with aiohttp.ClientSession() as client:
        assert await QueryEmbedder(client).vector("hello") is None


async def test_more_than_the_endpoint_can_do_in_time_is_not_asked_for(endpoint, settings):
    settings.METACLAW_EMBEDDINGS_DEADLINE_MS = 50
    endpoint.pause = 0.3
    async with aiohttp.ClientSession() as client:
        embedder = QueryEmbedder(client)

        found = await asyncio.gather(*(embedder.vector(f"text {n}") for n in range(50)))
        await embedder.stop()

    assert found == [None] * 50
    assert len(endpoint.asked) <= 8


async def test_many_texts_come_back_in_their_order(endpoint):
    texts = ["x" * n for n in range(150)]
    async with aiohttp.ClientSession() as client:
        found = await QueryEmbedder(client).vectors(texts)

    assert found == [(float(n), 1.0) for n in range(150)]
    assert [len(batch) for batch in endpoint.asked] == [64, 64, 22]


async def test_many_texts_of_a_failing_endpoint_are_none(endpoint):
    endpoint.status = 500
    async with aiohttp.ClientSession() as client:
        assert await QueryEmbedder(client).vectors(["a", "b"]) is None


def test_the_operators_endpoint_may_be_on_this_machine(settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False
    settings.METACLAW_EMBEDDINGS_MODEL = "m"
    server = ThreadingHTTPServer(("127.0.0.1", 0), OneVector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.METACLAW_EMBEDDINGS_URL = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        assert embed(["hello"]) == [(0.5, 0.5)]
        with pytest.raises(UpstreamFailed, match="left texts out"):
            embed(["hello", "there"])
    finally:
        server.shutdown()
        server.server_close()
