"""The aims, and whether a run met them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench import figures
from bench.measuring import GATEWAY, Row

REQUESTS_PER_SECOND = 2500
ADDED_FIRST_BYTE_MS = 1.5
GROWTH_MB = 10.0
CALM_P50_MS, CALM_P99_MS = 2.0, 10.0
LARGE_P50_MS = 3.0
STREAMS_P50_MS, STREAMS_P99_MS = 5.0, 60.0
RATE_HELD = 0.98
IDLE_KB = 40.0


@dataclass(frozen=True, slots=True)
class Aim:
    """One line of the verdict. ``is_met`` is None for a figure without an aim."""

    name: str
    wanted: str
    measured: str
    is_met: bool | None


def of_throughput(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "json", 64)
    return Aim(
        name="Requests/s of one process, whole answers, 64 clients, agents at work",
        wanted=f">= {REQUESTS_PER_SECOND:,}",
        measured=f"{row.round.per_second:,.0f} ({row.round.cpu_us:.0f} us CPU per request)",
        is_met=row.round.per_second >= REQUESTS_PER_SECOND,
    )


def of_first_requests(rows: Sequence[Row]) -> Aim:
    """The dearest case: nothing that was worked out for a session can be used again."""
    row = _find(rows, "first", 64)
    return Aim(
        name="Requests/s of one process, first requests of unnamed conversations",
        wanted="no aim",
        measured=f"{row.round.per_second:,.0f} ({row.round.cpu_us:.0f} us CPU per request)",
        is_met=None,
    )


def of_first_byte(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "paced", 16)
    value = row.added.first_byte_p50 if row.added else 0.0
    return Aim(
        name="Added time to first byte (p50), streams, 16 clients",
        wanted=f"<= {ADDED_FIRST_BYTE_MS} ms",
        measured=f"{value:.2f} ms",
        is_met=value <= ADDED_FIRST_BYTE_MS,
    )


def of_first_byte_without_pause(rows: Sequence[Row]) -> Aim:
    """Clients that never pause keep the gateway saturated: this is a queue's length."""
    row = _find(rows, "sse", 16)
    value = row.added.first_byte_p50 if row.added else 0.0
    return Aim(
        name="Added time to first byte (p50), 16 clients that never pause",
        wanted="no aim",
        measured=f"{value:.2f} ms",
        is_met=None,
    )


def of_added_latency(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "calm", 16)
    name = "Added latency (p50), whole answers after 10 ms, 16 clients"
    return _at_most(name, CALM_P50_MS, row.added.p50 if row.added else 0.0)


def of_added_latency_at_worst(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "calm", 16)
    name = "Added latency (p99), whole answers after 10 ms, 16 clients"
    return _at_most(name, CALM_P99_MS, row.added.p99 if row.added else 0.0)


def of_large_requests(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "large", 1)
    name = "Added latency (p50), requests of 56 KB"
    return _at_most(name, LARGE_P50_MS, row.added.p50 if row.added else 0.0)


def of_many_streams(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "paced", 128)
    name = "Added time to first byte (p50), streams, 128 clients"
    return _at_most(name, STREAMS_P50_MS, row.added.first_byte_p50 if row.added else 0.0)


def of_many_streams_at_worst(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "paced", 128)
    name = "Added time to first byte (p99), streams, 128 clients"
    return _at_most(name, STREAMS_P99_MS, row.added.first_byte_p99 if row.added else 0.0)


def of_rate_held(rows: Sequence[Row]) -> Aim:
    row = _find(rows, "paced", 128)
    ratio = row.added.ratio if row.added else 0.0
    return Aim(
        name="Rate of 128 paced streams, of that of the provider alone",
        wanted=f">= {RATE_HELD:.0%}",
        measured=f"{ratio:.1%}",
        is_met=ratio >= RATE_HELD,
    )


def of_idle_streams(kilobytes: float, count: int) -> Aim:
    return Aim(
        name=f"Memory of an open stream, {count} of them",
        wanted=f"<= {IDLE_KB:.0f} KB",
        measured=f"{kilobytes:.1f} KB",
        is_met=kilobytes <= IDLE_KB,
    )


def _at_most(name: str, most: float, measured: float) -> Aim:
    return Aim(name, f"<= {most:g} ms", f"{measured:.2f} ms", measured <= most)


def of_memory(points: Sequence[tuple[int, float]]) -> Aim:
    """``points``: requests so far and megabytes, of the soak."""
    first, last = points[0], points[-1]
    growth = last[1] - first[1]
    per_thousand = figures.slope(points) * 1000 * 1024
    return Aim(
        name="Growth of the process's memory during the soak",
        wanted=f"< {GROWTH_MB:.0f} MB",
        measured=(
            f"{growth:+.1f} MB in {last[0] - first[0]:,} requests"
            f" ({per_thousand:+.1f} KB per 1,000; {last[1]:.0f} MB at the end)"
        ),
        is_met=growth < GROWTH_MB,
    )


def of_capture(requests: int, turns: int, with_skill: int) -> Aim:
    return Aim(
        name="Turns on record = requests answered, each with its skill",
        wanted=f"{requests:,}",
        measured=f"{turns:,}, {with_skill:,} with the skill",
        is_met=turns == requests and with_skill == requests,
    )


def _find(rows: Sequence[Row], scenario: str, clients: int) -> Row:
    return next(
        row
        for row in rows
        if (row.scenario, row.clients, row.target) == (scenario, clients, GATEWAY)
    )
