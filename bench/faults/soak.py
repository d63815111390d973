"""A steady mixture for minutes, with a fifth of the callers hanging up: does anything pile up?"""

import asyncio
import math
import re
import time
import urllib.request
from dataclasses import dataclass, field

from bench import figures
from bench.aims import Aim
from bench.faults.callers import Callers
from bench.faults.finding import Extent, Finding, none_of
from bench.faults.provider import Provider
from bench.faults.record import Record
from bench.faults.stage import Gateway, Stage

_PER_SECOND = 50.0
_LEAVING = 0.2
_SLOPE_MB = 5.0
_TOKEN = "bench-figures"
_ENDED = re.compile(rb'^metaclaw_gateway_requests_total\{.*outcome="(\w+)"\} (\S+)$', re.MULTILINE)
# Of callers who were gone before their request had been read: nothing was asked of anybody.
_NEVER_BEGUN = b"other"
# Until every conversation came round, and the pools and caches have their size.
_WARM_SHARE, _WARM_SECONDS = 0.25, 60.0
_LEFT_SECONDS = 2.0
# The gateway's pool lets go of connections that nobody used for four seconds.
_POOL_SECONDS = 10.0


@dataclass(slots=True)
class _Memory:
    """The gateway's resident megabytes by second."""

    gateway: Gateway
    points: list[tuple[float, float]] = field(default_factory=list)

    async def sample(self) -> None:
        began = time.monotonic()
        while True:
            self.points.append((time.monotonic() - began, self.gateway.process.resident_mb()))
            await asyncio.sleep(1.0)


def measure(stage: Stage, extent: Extent) -> Finding:
    seconds = extent.soak_minutes * 60
    space = stage.space()
    record, asked_before = Record(space), stage.provider.asked
    with (
        stage.gateway({"METACLAW_METRICS_TOKEN": _TOKEN}) as gateway,
        stage.recorder(),
    ):
        memory = _Memory(gateway)
        callers = Callers(gateway.port, space.key, leaving=_LEAVING)
        asyncio.run(_ask_and_watch(callers, memory, seconds))
        time.sleep(_LEFT_SECONDS)
        answering = stage.provider.answering
        open_sockets = _let_go(stage.provider)
        accepted, too_early = _ended(gateway)
        turns = record.settle(accepted, seconds=30)
        missing = callers.turn_ids - record.turns().keys()
    warm = [one for one in memory.points if one[0] >= min(_WARM_SECONDS, seconds * _WARM_SHARE)]
    return Finding(
        aims=[
            of_slope(warm, extent.soak_minutes),
            none_of(
                "Answers still under way at the provider 2 s after the end",
                answering,
                of=f"{accepted:,}",
            ),
            none_of(
                f"Upstream sockets still open after {_POOL_SECONDS:.0f} s",
                open_sockets,
                of=f"{accepted:,}",
            ),
            Aim(
                "Turns on record = requests accepted",
                f"{accepted:,}",
                f"{turns:,}",
                turns == accepted >= stage.provider.asked - asked_before and not missing,
            ),
            none_of("Requests that failed", callers.failed, of=f"{len(callers.seen):,}"),
        ],
        figures={
            "soak, minutes": extent.soak_minutes,
            "soak, callers who hung up": sum(one.has_left for one in callers.seen),
            "soak, callers who were gone before their request was read": too_early,
            "soak, MB at the end": warm[-1][1],
        },
    )


async def _ask_and_watch(callers: Callers, memory: _Memory, seconds: float) -> None:
    watching = asyncio.create_task(memory.sample())
    await callers.at_rate(_PER_SECOND, seconds)
    watching.cancel()


def of_slope(points: list[tuple[float, float]], minutes: float) -> Aim:
    """Least squares, with twice its standard error: a short run cannot say it exactly."""
    slope = figures.slope(points) * 3600
    error = 2 * _standard_error(points) * 3600
    return Aim(
        name=f"Slope of the gateway's memory, {minutes:g} min, 20 % of callers hang up",
        wanted=f"<= {_SLOPE_MB:.0f} MB/hour",
        measured=f"{slope:+.1f} MB/hour (± {error:.1f})",
        is_met=slope - error <= _SLOPE_MB,
    )


def _standard_error(points: list[tuple[float, float]]) -> float:
    if len(points) < 3:
        return 0.0
    slope = figures.slope(points)
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return math.sqrt(rest / (len(points) - 2) / sum((x - mean_x) ** 2 for x, _ in points))


def _let_go(provider: Provider) -> int:
    """Connections that stay open although nobody asks any more."""
    ends_at = time.monotonic() + _POOL_SECONDS - _LEFT_SECONDS
    while provider.connections and time.monotonic() < ends_at:
        time.sleep(0.1)
    return provider.connections


def _ended(gateway: Gateway) -> tuple[int, int]:
    """Requests that were accepted, and those whose callers left before that."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{gateway.port}/metrics", headers={"authorization": f"Bearer {_TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found = {outcome: int(float(n)) for outcome, n in _ENDED.findall(answer.read())}
    left = found.pop(_NEVER_BEGUN, 0)
    return sum(found.values()), left
