"""Gateways killed under streams: what a caller saw is on record, and nothing looks too whole.

Two lanes take turns: while one serves and is killed, the next gateway of the other one starts.
"""

import asyncio
import random
import threading
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.faults import plays
from bench.faults.callers import Callers, Seen
from bench.faults.finding import Extent, Finding, none_of
from bench.faults.record import Record, Stored
from bench.faults.stage import Gateway, Stage

_STREAMS = 50
_LANES = 2
_DRAIN_SECONDS = 60.0
# On a busy machine there are fewer kills, rather than none of the rows behind them.
_MOST_SECONDS = 360.0
# Streams begin within this time, and take twice of it: all stages of one are met.
_WITHIN_SECONDS = 0.2
_LATEST_SECONDS = _WITHIN_SECONDS + 1.1 * plays.EVENTS * plays.PAUSE_SECONDS


@dataclass(slots=True)
class _Lanes:
    """How many gateways are to be killed, and were; one at a time is under load."""

    stage: Stage
    wanted: int
    killed: int = 0
    seen: list[Seen] = field(default_factory=list)
    _ends_at: float = field(default_factory=lambda: time.monotonic() + _MOST_SECONDS)
    _serving: threading.Lock = field(default_factory=threading.Lock)
    _random: random.Random = field(default_factory=lambda: random.Random(11))

    def kill_until_done(self) -> None:
        while self._goes_on:
            with self.stage.gateway() as gateway:
                callers = Callers(gateway.port, self.stage.space().key)
                asyncio.run(callers.once())
                with self._serving:
                    if self._goes_on:
                        asyncio.run(self._kill_under(gateway, callers))
                        self.killed += 1
                self.seen += callers.seen

    @property
    def _goes_on(self) -> bool:
        return self.killed < self.wanted and time.monotonic() < self._ends_at

    async def _kill_under(self, gateway: Gateway, callers: Callers) -> None:
        asking = asyncio.create_task(callers.all_at_once(_STREAMS, within=_WITHIN_SECONDS))
        await asyncio.sleep(self._random.uniform(0.02, _LATEST_SECONDS))
        gateway.process.process.kill()
        await asking


def measure(stage: Stage, extent: Extent) -> Finding:
    record = Record(stage.space())
    lanes = _Lanes(stage, extent.kills)
    with stage.recorder(), ThreadPoolExecutor(_LANES) as threads:
        for lane in [threads.submit(lanes.kill_until_done) for _ in range(_LANES)]:
            lane.result()
        answered = [one for one in lanes.seen if one.turn_id]
        stored = record.await_all({one.turn_id for one in answered}, seconds=_DRAIN_SECONDS)
    lost = sum(one.turn_id not in stored for one in answered)
    title = f"{lanes.killed} kills under {_STREAMS} streams"
    return Finding(
        aims=[
            none_of(f"{title}: answers that began and are not on record", lost, of=_n(answered)),
            none_of(
                f"{title}: turns marked complete that are not whole",
                sum(one.is_complete and one.text != plays.TEXT for one in stored.values()),
                of=_n(stored),
            ),
            none_of(
                f"{title}: answers seen whole and not marked complete",
                _seen_whole_only(answered, stored),
                of=_n([one for one in answered if one.is_whole]),
            ),
        ],
        figures={
            "kills: streams asked for": len(lanes.seen),
            "kills: streams that had begun": len(answered),
            "kills: streams seen whole": sum(one.is_whole for one in answered),
            "kills: turns on record as cut off": sum(
                not one.is_complete for one in stored.values()
            ),
            "kills: complete on record, the end mark not seen": _stored_whole_only(
                answered, stored
            ),
        },
    )


def _seen_whole_only(answered: list[Seen], stored: dict[str, Stored]) -> int:
    found = ((one, stored.get(one.turn_id)) for one in answered)
    return sum(one.is_whole and (kept is None or not kept.is_complete) for one, kept in found)


def _stored_whole_only(answered: list[Seen], stored: dict[str, Stored]) -> int:
    """The end is recorded before it is sent: a kill may fall between the two."""
    found = ((one, stored.get(one.turn_id)) for one in answered)
    return sum(not one.is_whole and kept is not None and kept.is_complete for one, kept in found)


def _n(things: Collection[object]) -> str:
    return f"{len(things):,}"
