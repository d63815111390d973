"""Recorded streams cut off behind every byte: nobody may take what is left for an answer."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp

from bench.faults.finding import Extent, Finding, none_of
from bench.faults.plays import Framing, Play
from bench.faults.provider import Asked
from bench.faults.record import Record
from bench.faults.sse import looks_complete
from bench.faults.stage import Stage

_RECORDED = Path(__file__).parents[2] / "tests" / "proxy" / "recorded"
_AT_A_TIME = 16
_SETTLE_SECONDS = 60.0
# A tool call and a text, of each.
_LINES = (0, 2)


@dataclass(frozen=True, slots=True)
class _Dialect:
    name: str
    path: str
    recording: str
    end: bytes

    def streams(self) -> list[bytes]:
        lines = (_RECORDED / f"{self.recording}.jsonl").read_text().splitlines()
        return [json.loads(lines[number])["answer"].encode() for number in _LINES]


_DIALECTS = (
    _Dialect("openai", "/v1/chat/completions", "openclaw", b"data: [DONE]"),
    _Dialect("anthropic", "/v1/messages", "claude-code", b'message_stop"'),
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stream, how it is framed, and how many of its bytes come."""

    stream: bytes
    framing: Framing
    offset: int

    @property
    def sent(self) -> bytes:
        return self.stream[: self.offset]

    @property
    def play(self) -> Play:
        # Nothing at all would be an empty chunk, which is a proper end.
        return Play((self.sent,) if self.offset else (), framing=self.framing, is_cut=True)


def measure(stage: Stage, extent: Extent) -> Finding:
    aims, count = [], 0
    for dialect in _DIALECTS:
        cuts = list(_cuts(dialect, extent.cut_step))
        seen_whole, stored_whole = _cut_all(stage, dialect, cuts)
        count += len(cuts)
        of = f"{len(cuts):,} cuts"
        title = f"Cut anywhere, {dialect.name}"
        aims.append(none_of(f"{title}: answers that look complete", seen_whole, of=of))
        aims.append(none_of(f"{title}: turns marked complete", stored_whole, of=of))
    return Finding(aims, {"cuts": count})


def _cuts(dialect: _Dialect, step: int) -> Iterator[_Cut]:
    """Everywhere before the end event is there; also of bodies that only a close ends."""
    for stream in dialect.streams():
        end = stream.index(dialect.end) + len(dialect.end)
        for framing in (Framing.CHUNKED, Framing.CLOSE):
            for offset in sorted({*range(0, end, step), end - 1}):
                yield _Cut(stream, framing, offset)


def _cut_all(stage: Stage, dialect: _Dialect, cuts: list[_Cut]) -> tuple[int, int]:
    """How many answers, and how many turns on record, look complete."""
    space = stage.space(dialect.name)
    record = Record(space)
    place = stage.within(dialect.name)
    stage.provider.script = partial(_play, cuts)
    with place.gateway() as gateway, place.recorder():
        url = f"http://127.0.0.1:{gateway.port}{dialect.path}"
        seen = asyncio.run(_ask_all(url, space.key, len(cuts)))
        record.settle(len(cuts), seconds=_SETTLE_SECONDS)
    stored = record.turns()
    return sum(seen), sum(one.is_complete for one in stored.values()) + len(cuts) - len(stored)


def _play(cuts: list[_Cut], asked: Asked) -> Play:
    """The name of the model says which cut."""
    return cuts[int(json.loads(asked.body)["model"].removeprefix("cut-"))].play


async def _ask_all(url: str, key: str, count: int) -> list[bool]:
    headers = {"authorization": f"Bearer {key}", "x-turn-type": "side"}
    turns = asyncio.Semaphore(_AT_A_TIME)
    async with aiohttp.ClientSession(headers=headers) as client:

        async def ask(number: int) -> bool:
            async with turns:
                return await _ask(client, url, number)

        return await asyncio.gather(*map(ask, range(count)))


async def _ask(client: aiohttp.ClientSession, url: str, number: int) -> bool:
    """Whether a client would take what came for a complete answer."""
    said = [{"role": "user", "content": f"Cut number {number}, please."}]
    body = {"model": f"cut-{number}", "stream": True, "max_tokens": 100, "messages": said}
    data, is_ended = b"", False
    async with client.post(url, json=body) as answer:
        try:
            async for piece in answer.content.iter_any():
                data += piece
            is_ended = True
        except aiohttp.ClientError:
            pass
        return answer.status == 200 and looks_complete(data, is_ended=is_ended)
