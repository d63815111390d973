"""What is promised when processes die and servers go away: nothing asked fails, nothing is lost."""

import asyncio
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
import pytest
from django.conf import settings

from apps.tenants import keys
from tests import database
from tests.proxy import recordings
from tests.proxy.conftest import Workspace, chat_body, make_workspace, record_all
from tests.proxy.fault_proxy import FaultProxy
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

NewGateway = Callable[..., RunningGateway]
END = b"data: [DONE]"
_BACKGROUND = ThreadPoolExecutor(2)


@pytest.fixture
def workspace(committed: None, provider: Provider) -> Workspace:
    return make_workspace("openai", provider)


@dataclass
class Load:
    """What callers saw of the requests they sent."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    turns: dict[str, bytes] = field(default_factory=dict)

    async def ask(
        self, client: aiohttp.ClientSession, gateway: RunningGateway, model: str, key: str
    ) -> None:
        body = chat_body(model, stream=True)
        headers = {"authorization": f"Bearer {key}"}
        url = f"http://127.0.0.1:{gateway.port}/v1/chat/completions"
        seen, turn_id = b"", ""
        try:
            async with client.post(url, json=body, headers=headers) as answer:
                self.statuses[answer.status] += 1
                turn_id = answer.headers.get("x-metaclaw-turn", "")
                async for data in answer.content.iter_any():
                    seen += data
        except aiohttp.ClientError:
            self.broken += 1
        if turn_id:
            self.turns[turn_id] = seen

    async def each_once(self, gateway: RunningGateway, models: list[str], key: str) -> None:
        """All of these at the same time."""
        async with aiohttp.ClientSession() as client:
            await asyncio.gather(*(self.ask(client, gateway, model, key) for model in models))

    async def for_seconds(
        self, gateway: RunningGateway, key: str, seconds: float, model: str = "ok"
    ) -> None:
        """Four callers who ask again and again."""
        give_up = time.monotonic() + seconds
        async with aiohttp.ClientSession() as client:

            async def caller() -> None:
                while time.monotonic() < give_up:
                    await self.ask(client, gateway, model, key)
                    await asyncio.sleep(0.06)

            await asyncio.gather(*(caller() for _ in range(4)))


def begin(work: Coroutine[None, None, None]) -> "Future[None]":
    """Start it in the background: the test goes on."""
    return _BACKGROUND.submit(asyncio.run, work)


@pytest.mark.parametrize("round_number", range(5))
def test_a_gateway_killed_under_streams_loses_no_turn_and_makes_none_look_whole(
    new_gateway: NewGateway, workspace: Workspace, provider: Provider, round_number: int
) -> None:
    gateway = new_gateway().wait()
    provider.release.clear()
    load = Load()
    models = ["held"] * 12 + ["paced:0.05"] * 6 + ["ok"] * 2

    before = len(provider.seen)
    running = begin(load.each_once(gateway, models, workspace.key))
    give_up = time.monotonic() + 15
    while not any(one.model == "held" for one in provider.seen[before:]):
        assert time.monotonic() < give_up, "no stream came about"
        time.sleep(0.005)
    time.sleep(0.06 * round_number)
    gateway.kill()
    running.result()
    provider.release.set()
    record_all(gateway.spool)

    rows = {str(turn.id): turn for turn in workspace.turns()}
    assert load.turns.keys() <= rows.keys()
    for turn_id, seen in load.turns.items():
        turn = rows[turn_id]
        # Its end record is written before its end mark is sent, so only this way round.
        if END in seen:
            assert turn.status == "complete"
        if turn.status == "complete":
            assert turn.response_text == recordings.TEXT
        else:
            assert turn.status == "truncated_crash"
            assert turn.end_hash is None
    held = [turn for turn in rows.values() if turn.model == "held"]
    assert held
    assert {turn.status for turn in held} == {"truncated_crash"}
    assert list(gateway.spool.iterdir()) == []


def test_a_gateway_told_to_stop_lets_streams_finish(
    new_gateway: NewGateway, workspace: Workspace
) -> None:
    gateway = new_gateway().wait()
    load = Load()

    running = begin(load.each_once(gateway, ["paced:0.15"] * 10, workspace.key))
    time.sleep(0.4)
    gateway.process.send_signal(signal.SIGTERM)
    running.result()

    assert load.broken == 0
    assert all(END in seen for seen in load.turns.values())
    record_all(gateway.spool)
    assert [turn.status for turn in workspace.turns()] == ["complete"] * 10


def test_a_conversation_goes_on_in_its_session_after_the_gateway_was_started_anew(
    new_gateway: NewGateway, workspace: Workspace
) -> None:
    said: list[dict[str, str]] = [{"role": "user", "content": "Remember me"}]
    turns = []
    for number in range(4):
        if number % 2 == 0:
            gateway = new_gateway().wait()
        answer = gateway.chat(chat_body(f"ok:{number}", messages=said), key=workspace.key)
        turns.append(answer.turn_id)
        record_all(gateway.spool)
        said += [{"role": "assistant", "content": str(number)}, {"role": "user", "content": "on"}]

    rows = workspace.turns()
    assert [str(row.id) for row in rows] == turns
    assert len({row.session_id for row in rows}) == 1
    assert [row.parent_id for row in rows] == [None, *[row.id for row in rows[:-1]]]


# Postgres and Redis away ------------------------------------------------------------------


@pytest.fixture
def postgres() -> Iterator[FaultProxy]:
    proxy = FaultProxy(urlsplit(settings.DATABASE_URL).port or 5432)
    yield proxy
    proxy.stop()


@pytest.fixture
def redis() -> Iterator[FaultProxy]:
    proxy = FaultProxy(urlsplit(settings.REDIS_URL).port or 6379)
    yield proxy
    proxy.stop()


def _through(address: str, proxy: FaultProxy) -> str:
    parts = urlsplit(address)
    credentials, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{credentials}{at}127.0.0.1:{proxy.port}").geturl()


def test_serving_goes_on_without_postgres_and_every_turn_arrives_once(
    new_gateway: NewGateway, workspace: Workspace, provider: Provider, postgres: FaultProxy
) -> None:
    unheard = make_workspace("openai", provider)
    gateway = new_gateway(DATABASE_URL=_through(database.url(), postgres)).wait()
    warm, load = Load(), Load()
    asyncio.run(warm.for_seconds(gateway, workspace.key, 0.3))

    postgres.shut()
    running = begin(load.for_seconds(gateway, workspace.key, 5.0))
    time.sleep(1.0)
    stranger = gateway.chat(chat_body(), key=unheard.key)
    malformed = gateway.chat(chat_body(), key="mck_live_nonsense")
    mistaken = gateway.chat(chat_body(), key=keys.mint()[1])
    running.result()
    postgres.open()
    time.sleep(1.2)
    back = gateway.chat(chat_body(), key=unheard.key)

    assert set(load.statuses) == {200}
    assert load.broken == 0
    assert sum(load.statuses.values()) > 50
    # Whose key this is cannot be known: that is no reason to call it wrong.
    assert (stranger.status, mistaken.status) == (503, 503)
    assert stranger.headers["retry-after"] == "2"
    assert malformed.status == 401
    assert back.status == 200
    record_all(gateway.spool)
    record_all(gateway.spool)
    rows = workspace.turns()
    assert [str(turn.id) for turn in rows] == sorted([*warm.turns, *load.turns])
    assert {turn.status for turn in rows} == {"complete"}


def test_a_recorder_without_postgres_keeps_the_turns_and_stores_them_later(
    new_gateway: NewGateway, workspace: Workspace, postgres: FaultProxy
) -> None:
    gateway = new_gateway().wait()
    environment = gateway.environment | {"DATABASE_URL": _through(database.url(), postgres)}
    recorder = subprocess.Popen(
        [sys.executable, "manage.py", "run_recorder"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        first = gateway.chat(chat_body(), key=workspace.key)
        _wait_for_turns(workspace, 1)
        postgres.shut()
        later = [gateway.chat(chat_body(), key=workspace.key) for _ in range(10)]
        time.sleep(1.0)
        assert recorder.poll() is None
        assert len(workspace.turns()) == 1
        postgres.open()
        _wait_for_turns(workspace, 11)
    finally:
        recorder.terminate()
        assert recorder.wait(10) == 0

    stored = [str(turn.id) for turn in workspace.turns()]
    assert stored == sorted(one.turn_id for one in [first, *later])


@pytest.mark.parametrize("fault", ["shut", "swallow"])
def test_serving_goes_on_without_redis_and_changes_still_arrive(
    new_gateway: NewGateway, workspace: Workspace, redis: FaultProxy, fault: str
) -> None:
    gateway = new_gateway(REDIS_URL=_through(settings.REDIS_URL, redis)).wait()
    load = Load()
    asyncio.run(load.for_seconds(gateway, workspace.key, 0.3))

    getattr(redis, fault)()
    asyncio.run(load.for_seconds(gateway, workspace.key, 1.5))
    _, late = workspace.new_key()
    workspace.set(mode="observe")
    answer = gateway.chat(chat_body(), key=late)

    assert set(load.statuses) == {200}
    assert load.broken == 0
    assert answer.status == 200


def test_a_gateway_that_starts_without_redis_serves(
    new_gateway: NewGateway, workspace: Workspace, redis: FaultProxy
) -> None:
    redis.swallow()

    gateway = new_gateway(REDIS_URL=_through(settings.REDIS_URL, redis)).wait()

    assert gateway.chat(chat_body(), key=workspace.key).status == 200
    assert gateway.get("/readyz", key="").json["push"] is False


# The disk ---------------------------------------------------------------------------------


def test_serving_goes_on_when_nothing_can_be_written_and_says_so(
    new_gateway: NewGateway, workspace: Workspace, provider: Provider
) -> None:
    gateway = new_gateway().wait()
    load, after = Load(), Load()
    across = Load()
    running = begin(across.each_once(gateway, ["paced:0.3"], workspace.key))
    time.sleep(0.4)
    limits = _limit_files(gateway, 0)
    asyncio.run(load.for_seconds(gateway, workspace.key, 0.5))
    full = gateway.get("/readyz", key="")
    _limit_files(gateway, limits)
    running.result()
    asyncio.run(after.for_seconds(gateway, workspace.key, 0.3))
    ready = gateway.get("/readyz", key="")
    record_all(gateway.spool)

    assert set(load.statuses) == {200}
    assert load.broken == across.broken == 0
    assert full.status == 503
    assert full.json["recording"] is False
    assert full.json["lost_frames"] >= len(load.turns)
    assert ready.status == 200
    rows = {str(turn.id): turn for turn in workspace.turns()}
    assert after.turns.keys() <= rows.keys()
    assert {rows[turn_id].status for turn_id in after.turns} == {"complete"}
    # What was only partly written is never taken for an answer.
    (begun,) = across.turns
    assert END in across.turns[begun]
    for turn_id in {begun, *(rows.keys() & load.turns.keys())}:
        assert rows[turn_id].status == "truncated_crash"
    assert rows[begun].error["type"] == "spool_full"


def _limit_files(gateway: RunningGateway, size: int) -> int:
    """Let the process write files up to this size only; answers with the limit before."""
    which, pid = resource.RLIMIT_FSIZE, gateway.process.pid
    before, hard = resource.prlimit(pid, which)
    resource.prlimit(pid, which, (size, hard))
    return before


def _wait_for_turns(workspace: Workspace, count: int) -> None:
    give_up = time.monotonic() + 15
    while len(workspace.turns()) < count:
        assert time.monotonic() < give_up, f"{len(workspace.turns())} of {count} turns"
        time.sleep(0.05)
