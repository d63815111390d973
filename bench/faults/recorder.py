"""The recorder: how fast it works off what waits, and how far it is behind a steady stream."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from uuid import UUID

from django.db import connection

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.trajectories.models import Turn
from bench import load, processes, prompts, workspace
from bench.aims import Aim
from bench.errors import BenchError
from bench.faults.callers import Callers
from bench.faults.finding import Extent, Finding
from bench.faults.record import Record
from bench.faults.stage import Gateway, Stage
from bench.load import Dose, Request, Target
from bench.scenarios import REPEATS, SESSIONS
from bench.workspace import Workspace

_DRAINED_PER_SECOND = 2_000
_STEADY_PER_SECOND = 200.0
_LAG_SECONDS = 2.0
_CLIENTS = 64
_LOOK_SECONDS = 0.02
# Counting costs the database something, too.
_COUNT_SECONDS = 0.5
_SETTLE_SECONDS = 120.0
# Batches may overtake each other by so much.
_OVERLAP = timedelta(seconds=2)


def measure(stage: Stage, extent: Extent) -> Finding:
    drained = _drain(stage.within("drained"), extent.drained_turns)
    lags = _keep_up(stage.within("steady"), extent.steady_seconds)
    ranks = quantiles(lags, n=100)
    p50, p99 = ranks[49], ranks[98]
    return Finding(
        aims=[
            Aim(
                name="Turns/s the recorder stores of what waits, alone",
                wanted=f">= {_DRAINED_PER_SECOND:,}",
                measured=f"{drained:,.0f}",
                is_met=drained >= _DRAINED_PER_SECOND,
            ),
            Aim(
                name=f"From a turn's end until it can be read, at {_STEADY_PER_SECOND:.0f}/s (p99)",
                wanted=f"<= {_LAG_SECONDS:g} s",
                measured=f"{p99:.2f} s (p50 {p50:.2f} s)",
                is_met=p99 <= _LAG_SECONDS,
            ),
        ],
        figures={"recorder: turns drained": extent.drained_turns},
    )


def _drain(stage: Stage, count: int) -> float:
    """Turns a second while nothing else runs: they were made before the recorder started."""
    with processes.upstream() as address:
        space = workspace.create(address)
        record = Record(space)
        with stage.gateway() as gateway:
            _fill(stage, gateway, space, count)
    with stage.recorder():
        points = _watch(record, count)
    (began, first), (ended, last) = points[0], points[-1]
    if last < count:
        raise BenchError(f"The recorder stored {last:,} of {count:,} turns.")
    return (last - first) / max(_COUNT_SECONDS, ended - began)


def _fill(stage: Stage, gateway: Gateway, space: Workspace, count: int) -> None:
    """Agents at work, as in the rows of speed."""
    body = stage.folder / "request"
    body.write_bytes(prompts.request_body(is_stream=False))
    headers = (f"authorization: Bearer {space.key}", "x-turn-type: side")
    target = Target("gateway", f"http://127.0.0.1:{gateway.port}/v1", headers)
    dose = Dose(_CLIENTS, 120.0, sessions=SESSIONS, repeats=REPEATS, most_requests=count)
    found = load.run(target, Request(body, is_stream=False), dose)
    if found.errors or found.requests != count:
        raise BenchError(f"{found.requests:,} requests instead of {count:,}: {found.problem}")


def _watch(record: Record, count: int) -> list[tuple[float, int]]:
    """Moments and how many turns were there, from the first ones on."""
    points: list[tuple[float, int]] = []
    ends_at = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < ends_at and (not points or points[-1][1] < count):
        time.sleep(_COUNT_SECONDS)
        found = record.count()
        if found and (not points or found > points[-1][1]):
            points.append((time.monotonic(), found))
    return points or [(0.0, 0)]


def _keep_up(stage: Stage, seconds: float) -> list[float]:
    """Seconds between the end of a turn and the moment that somebody could have read it."""
    space = stage.space()
    record = Record(space)
    with stage.gateway() as gateway, stage.recorder():
        asyncio.run(Callers(gateway.port, space.key).once())
        record.settle(1, seconds=_SETTLE_SECONDS)
        callers = Callers(gateway.port, space.key)
        lags = _Lags(record)
        with lags.watched():
            asyncio.run(callers.at_rate(_STEADY_PER_SECOND, seconds))
            record.settle(1 + len(callers.seen), seconds=_SETTLE_SECONDS)
    found = [lags.seen[UUID(turn_id)] for turn_id in callers.turn_ids if UUID(turn_id) in lags.seen]
    if callers.failed or len(found) < len(callers.seen):
        raise BenchError(f"Of {len(callers.seen):,} turns {len(found):,} became readable.")
    return found


@dataclass(slots=True)
class _Lags:
    """Looks for new turns many times a second, on a thread with a connection of its own."""

    record: Record
    seen: dict[UUID, float] = field(default_factory=dict)
    _is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watched(self) -> Iterator[None]:
        thread = threading.Thread(target=self._look_often, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()

    def _look_often(self) -> None:
        latest = now() - _OVERLAP
        while not self._is_over.wait(_LOOK_SECONDS):
            latest = self._look(latest)
        connection.close()

    def _look(self, latest: datetime) -> datetime:
        """Note what is new; answers with when the newest of it was stored."""
        tenant_id = self.record.space.tenant_id
        with tenant_tx(tenant_id):
            turns = Turn.objects.for_tenant(tenant_id).filter(
                id__gte=self.record.since, recorded_at__gt=latest - _OVERLAP
            )
            rows = list(turns.values_list("id", "finished_at", "recorded_at"))
        at = now()
        for turn_id, finished_at, recorded_at in rows:
            self.seen.setdefault(turn_id, (at - finished_at).total_seconds())
            latest = max(latest, recorded_at)
        return latest
