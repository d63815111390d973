"""Postgres and Redis away under a steady load: nothing fails, nothing is lost or doubled.

Both are reached through doors, which are shut or made black holes; the servers behind them never
notice.
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.db import connection

from bench.aims import Aim
from bench.faults.callers import Callers
from bench.faults.doors import Doors, doors
from bench.faults.finding import Extent, Finding, none_of
from bench.faults.record import Record
from bench.faults.stage import Stage
from bench.workspace import Workspace

_PER_SECOND = 50.0
# Long enough that every conversation is known before anything goes away.
_BEFORE_SECONDS, _AFTER_SECONDS = 3.0, 3.0
_DRAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Outage:
    name: str
    seconds: float
    shut: tuple[str, ...] = ()
    swallowed: tuple[str, ...] = ()

    def begin(self, doors: Doors) -> None:
        for name in self.shut:
            getattr(doors, name).shut()
        for name in self.swallowed:
            getattr(doors, name).swallow()

    def end(self, doors: Doors) -> None:
        for name in self.shut + self.swallowed:
            getattr(doors, name).open()


def measure(stage: Stage, extent: Extent) -> Finding:
    """Three outages, each with a gateway and a recorder of its own.

    While Redis is away from the one pair, Postgres and then both are from the other: every
    outage has to last as long as it does, and none of them loads the machine.
    """
    spaces = [stage.space(), stage.space(name="second")]
    postgres = _Outage("Postgres away", extent.postgres_seconds, shut=("postgres",))
    redis = _Outage("Redis away", extent.redis_seconds, shut=("redis",))
    both = _Outage("Both black-holed", extent.hole_seconds, swallowed=("postgres", "redis"))
    with ThreadPoolExecutor(2) as threads:
        running = threads.map(partial(_one_by_one, stage), spaces, [[postgres, both], [redis]])
        findings = [one for several in running for one in several]
    return Finding(
        aims=[aim for one in findings for aim in one.aims],
        figures={name: value for one in findings for name, value in one.figures.items()},
    )


def _one_by_one(stage: Stage, space: Workspace, outages: list[_Outage]) -> list[Finding]:
    try:
        return [_during(stage.within(one.name.replace(" ", "-")), space, one) for one in outages]
    finally:
        # A connection is a thread's own.
        connection.close()


def _during(stage: Stage, space: Workspace, outage: _Outage) -> Finding:
    record = Record(space)
    uses = record.skill_uses()
    with (
        doors() as open_doors,
        stage.gateway(open_doors.env) as gateway,
        stage.recorder(open_doors.env),
    ):
        callers = Callers(gateway.port, space.key)
        with _steady(callers, _BEFORE_SECONDS + outage.seconds + _AFTER_SECONDS):
            time.sleep(_BEFORE_SECONDS)
            outage.begin(open_doors)
            time.sleep(outage.seconds)
            waiting = len(callers.turn_ids) - record.count()
            outage.end(open_doors)
        record.settle(len(callers.turn_ids), seconds=_DRAIN_SECONDS)
        stored = record.await_all(callers.turn_ids, seconds=_DRAIN_SECONDS)
    whole = sum(one.is_complete for one in stored.values())
    is_exact = callers.turn_ids == stored.keys() and whole == len(stored)
    counted = record.skill_uses() - uses
    title = f"{outage.name} {outage.seconds:.0f} s at {_PER_SECOND:.0f} requests/s"
    return Finding(
        aims=[
            none_of(f"{title}: failed", callers.failed, of=f"{len(callers.seen):,}"),
            Aim(
                name=f"{title}: turns on record, each once",
                wanted=f"{len(callers.turn_ids):,}",
                measured=f"{whole:,}, and {counted:,} uses of skills counted",
                is_met=is_exact and counted == len(stored),
            ),
        ],
        figures={f"{outage.name}: turns in the spool at its end": waiting},
    )


@contextmanager
def _steady(callers: Callers, seconds: float) -> Iterator[None]:
    """Callers at work on a thread; ends when they have."""
    load = threading.Thread(
        target=asyncio.run, args=(callers.at_rate(_PER_SECOND, seconds),), daemon=True
    )
    load.start()
    try:
        yield
    finally:
        load.join()
