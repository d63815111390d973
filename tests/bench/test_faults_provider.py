"""The provider of the reliability rows, and the callers who ask it: over real connections."""

import asyncio
import json
import time

import aiohttp
import pytest

from bench.faults import plays
from bench.faults.callers import Callers
from bench.faults.plays import Framing, Play
from bench.faults.provider import Provider

BODY = json.dumps({"stream": True, "messages": []}).encode()


@pytest.fixture
def provider():
    with Provider() as one:
        yield one


async def ask(client: aiohttp.ClientSession, provider: Provider) -> tuple[bytes, bool]:
    """What came, and whether it ended as HTTP should."""
    data = b""
    async with client.post(f"{provider.url}/chat/completions", data=BODY) as answer:
        try:
            async for piece in answer.content.iter_any():
                data += piece
        except aiohttp.ClientError:
            return data, False
    return data, True


def wait_until(is_so) -> None:
    ends_at = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


async def test_a_stream_carries_the_whole_text(provider):
    async with aiohttp.ClientSession() as client:
        data, is_ended = await ask(client, provider)

    said = [json.loads(line[6:]) for line in data.splitlines() if line.startswith(b"data: {")]
    text = "".join(one["choices"][0]["delta"].get("content", "") for one in said)
    assert (text, is_ended) == (plays.TEXT, True)
    assert text == text.strip()


@pytest.mark.parametrize("framing, is_ended", [(Framing.CHUNKED, False), (Framing.CLOSE, True)])
async def test_a_cut_answer_ends_where_it_was_cut(provider, framing, is_ended):
    provider.script = lambda asked: Play((b"data: a\n",), framing=framing, is_cut=True)

    async with aiohttp.ClientSession() as client:
        assert await ask(client, provider) == (b"data: a\n", is_ended)


async def test_the_script_may_change_between_requests_of_one_connection(provider):
    async with aiohttp.ClientSession() as client:
        for text in (b"one", b"two"):
            provider.script = lambda asked, text=text: Play((text,))
            assert await ask(client, provider) == (text, True)

    assert provider.asked == 2


def test_connections_are_counted_until_they_are_closed(provider):
    callers = Callers(provider.port, key="k")

    asyncio.run(callers.once())

    assert [one.is_whole for one in callers.seen] == [True]
    wait_until(lambda: provider.connections == provider.answering == 0)


def test_callers_keep_their_rate_and_some_of_them_leave(provider):
    callers = Callers(provider.port, key="k", leaving=0.5)

    began = time.monotonic()
    asyncio.run(callers.at_rate(100.0, 0.5))

    assert time.monotonic() - began >= 0.49
    assert len(callers.seen) == 50
    assert callers.failed == 0
    left = [one for one in callers.seen if one.has_left]
    assert 5 < len(left) < 45
    assert not any(one.is_whole for one in left)
    wait_until(lambda: provider.answering == 0)


def test_callers_who_get_something_else_have_failed(provider):
    provider.script = lambda asked: Play((b"data: a\n\n",), is_cut=True)
    callers = Callers(provider.port, key="k")

    asyncio.run(callers.all_at_once(4, within=0.01))

    assert callers.failed == 4
    assert callers.problems == {"ClientPayloadError": 4}
