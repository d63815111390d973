"""The meaning of requests: known in time, remembered, or done without."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from apps.integrations.embeddings.client import Vector
from apps.proxy.gateway import meanings as module
from apps.proxy.gateway.meanings import Meanings
from apps.skills.meaning import everyday_requests

SIZE = 16


class Endpoint:
    """An embedder that answers as it is told to; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.batches = 0
        self.fails = 0
        self.is_late = False

    async def vector(self, text: str) -> Vector | None:
        self.asked.append(text)
        return None if self.is_late else (1.0,) * SIZE

    async def vectors(self, texts: Sequence[str]) -> list[Vector] | None:
        self.batches += 1
        if self.batches <= self.fails:
            return None
        rows = np.random.default_rng(1).normal(size=(len(texts), SIZE))
        return [tuple(row) for row in rows.tolist()]

    async def stop(self) -> None:
        """Nothing is under way."""


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


async def started(endpoint: Endpoint) -> Meanings:
    meanings = Meanings(endpoint)
    meanings.start()
    assert meanings._loading is not None
    await asyncio.wait_for(asyncio.shield(meanings._loading), 5)
    return meanings


async def test_before_everyday_life_is_known_nothing_is_asked(endpoint):
    meanings = Meanings(endpoint)

    assert await meanings.of("refund the customer") is None
    assert endpoint.asked == []


async def test_what_is_asked_again_is_remembered(endpoint):
    meanings = await started(endpoint)

    first = await meanings.of("refund the customer")

    assert first is not None
    assert await meanings.of("refund the customer") is first
    assert endpoint.asked == ["refund the customer"]


async def test_a_late_vector_is_not_remembered_as_missing(endpoint):
    meanings = await started(endpoint)
    endpoint.is_late = True
    assert await meanings.of("refund") is None

    endpoint.is_late = False

    assert await meanings.of("refund") is not None


async def test_another_language_is_asked_for_in_english(endpoint):
    meanings = await started(endpoint)

    await meanings.of("Der Kunde will eine Erstattung")

    assert "refund" in endpoint.asked[0]


async def test_a_script_that_the_model_does_not_know_is_not_asked_for(endpoint):
    meanings = await started(endpoint)

    assert await meanings.of("오늘 날씨 어때?") is None
    assert endpoint.asked == []


async def test_an_endpoint_that_comes_up_later_is_found(endpoint, monkeypatch):
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.01)
    endpoint.fails = 2

    meanings = await started(endpoint)

    assert endpoint.batches == 3
    assert await meanings.of("refund") is not None


async def test_it_stops_while_it_still_tries(endpoint):
    endpoint.fails = 99
    meanings = Meanings(endpoint)
    meanings.start()
    await asyncio.sleep(0)

    await asyncio.wait_for(meanings.stop(), 2)


async def test_nothing_said_has_no_meaning(endpoint):
    meanings = await started(endpoint)

    assert await meanings.of("") is None
    assert everyday_requests()
