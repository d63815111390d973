"""Callers who ask at a fixed rate, whatever comes of it, and keep what they saw."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from bench import prompts
from bench.faults import plays

END = b"data: [DONE]\n\n"
_NUMBER = b"0000000000"
# Conversations come round again: a process that remembers them must not look like one that leaks.
SESSIONS = 100
_MESSAGES = 5
_GIVE_UP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a caller saw of one request."""

    turn_id: str
    status: int
    is_whole: bool
    has_left: bool = False
    problem: str = ""


@dataclass(slots=True)
class Callers:
    """Callers of one gateway with one key. They are seeded: a run can be had again."""

    port: int
    key: str
    # This share of them hangs up at some moment.
    leaving: float = 0.0
    seen: list[Seen] = field(default_factory=list)
    _random: random.Random = field(default_factory=lambda: random.Random(7))
    _bodies: dict[bool, bytes] = field(
        default_factory=lambda: {is_: prompts.request_body(is_stream=is_) for is_ in (False, True)}
    )

    async def at_rate(self, per_second: float, seconds: float) -> None:
        """Open loop: a slow answer holds nobody else up. Streams and whole answers by turns."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with self._client() as client, asyncio.TaskGroup() as group:
            for number in range(int(per_second * seconds)):
                await asyncio.sleep(max(0.0, began + number / per_second - loop.time()))
                group.create_task(self._ask(client, number, is_stream=number % 2 == 0))

    async def all_at_once(self, count: int, *, within: float) -> None:
        """So many streams, begun within some seconds."""
        async with self._client() as client, asyncio.TaskGroup() as group:
            for number in range(count):
                group.create_task(self._ask(client, number, is_stream=True))
                await asyncio.sleep(within / count)

    async def once(self) -> None:
        """One request, so that the process has seen key, workspace and library."""
        async with self._client() as client:
            await self._ask(client, 0, is_stream=False)

    @property
    def problems(self) -> Counter[str]:
        return Counter(one.problem for one in self.seen if one.problem)

    @property
    def failed(self) -> int:
        return sum(not one.is_whole and not one.has_left for one in self.seen)

    @property
    def turn_ids(self) -> set[str]:
        return {one.turn_id for one in self.seen if one.turn_id}

    def _client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=_GIVE_UP_SECONDS),
        )

    async def _ask(self, client: aiohttp.ClientSession, number: int, *, is_stream: bool) -> None:
        session = number % SESSIONS
        message = f"{session:05d}{number // SESSIONS % _MESSAGES:05d}".encode()
        body = self._bodies[is_stream].replace(_NUMBER, message)
        headers = {
            "authorization": f"Bearer {self.key}",
            "content-type": "application/json",
            "x-session-id": f"caller-{session}",
            "x-turn-type": "side",
        }
        patience = None
        if self._random.random() < self.leaving:
            patience = self._random.uniform(0.005, 1.1 * plays.EVENTS * plays.PAUSE_SECONDS)
        turn_id, status, data, problem, has_left = "", 0, b"", "", False
        try:
            async with asyncio.timeout(patience):
                url = f"http://127.0.0.1:{self.port}/v1/chat/completions"
                async with client.post(url, data=body, headers=headers) as answer:
                    turn_id, status = answer.headers.get("x-metaclaw-turn", ""), answer.status
                    async for piece in answer.content.iter_any():
                        data += piece
        except TimeoutError:
            has_left, problem = patience is not None, "" if patience else "no answer"
        except aiohttp.ClientError as exc:
            problem = type(exc).__name__
        if status not in (0, 200):
            problem = f"status {status}"
        is_broken = bool(problem) or has_left or status != 200
        is_whole = not is_broken and _is_whole(data, is_stream=is_stream)
        self.seen.append(Seen(turn_id, status, is_whole, has_left, problem))


def _is_whole(data: bytes, *, is_stream: bool) -> bool:
    if is_stream:
        return data.endswith(END)
    text: str = json.loads(data)["choices"][0]["message"]["content"]
    return text == plays.TEXT
