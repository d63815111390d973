"""Embeddings against a real HTTP endpoint: stored for skills, asked for on the way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

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
