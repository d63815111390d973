"""Taking turns: the provider alone, the gateway in front of it, and whoever else is named.

Rounds alternate between the targets, so that whatever else the machine does meets all of them.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bench import figures, load, machine
from bench.errors import BenchError
from bench.load import Dose, Request, Round, Target
from bench.processes import Watched
from bench.scenarios import REPEATS, SESSIONS, Scenario

DIRECT, GATEWAY = "direct", "gateway"


@dataclass(frozen=True, slots=True)
class Row:
    """The median of a target's rounds at one number of clients."""

    scenario: str
    clients: int
    target: str
    round: Round
    added: figures.Added | None


@dataclass(slots=True)
class Memory:
    """What the gateway's process held, by the number of requests it had answered."""

    points: list[tuple[int, float]] = field(default_factory=list)

    def note(self, requests: int, resident_mb: float) -> None:
        self.points.append((requests, resident_mb))


@dataclass(slots=True)
class Meter:
    """Measures rounds and counts every request that went through the gateway."""

    gateway: Watched
    memory: Memory = field(default_factory=Memory)
    through_gateway: int = 0

    def measure(self, target: Target, request: Request, dose: Dose) -> Round:
        """One round; of the gateway also what it cost. Raises BenchError on any wrong answer."""
        if target.name != GATEWAY:
            return load.run(target, request, dose)
        before = self.gateway.cpu_seconds()
        found = load.run(target, request, dose)
        used = self.gateway.cpu_seconds() - before
        self.through_gateway += found.requests
        if found.errors:
            raise BenchError(f"{found.errors} wrong answers of the gateway: {found.problem}")
        return replace(found, cpu_us=used / max(1, found.requests) * 1e6)

    def note_memory(self) -> None:
        self.memory.note(self.through_gateway, self.gateway.resident_mb())


def compare(
    meter: Meter,
    scenario: Scenario,
    targets: Sequence[Target],
    request_for: Callable[[Target], Request],
    *,
    rounds: int,
    say: Callable[[str], None],
) -> list[Row]:
    """Every number of clients of a scenario, on every target, ``rounds`` times."""
    rows: list[Row] = []
    for clients in scenario.clients:
        dose = Dose(
            clients,
            scenario.seconds,
            sessions=scenario.sessions,
            repeats=scenario.repeats,
            spread_seconds=scenario.spread_seconds,
        )
        found: dict[str, list[Round]] = {target.name: [] for target in targets}
        for _ in range(rounds):
            for target in targets:
                found[target.name].append(meter.measure(target, request_for(target), dose))
        rows += _rows(scenario, clients, found)
        say(f"  {scenario.title}, {clients} clients (load average {machine.load_average()})")
    return rows


def soak(meter: Meter, target: Target, request: Request, *, seconds: float, clients: int) -> Round:
    """Steady load by a fixed set of sessions, with the memory noted every second."""
    dose = Dose(clients, 1.0, sessions=SESSIONS, repeats=REPEATS)
    ends_at = time.monotonic() + seconds
    found: list[Round] = []
    meter.note_memory()
    while time.monotonic() < ends_at:
        found.append(meter.measure(target, request, dose))
        meter.note_memory()
    return figures.median_round(found)


def _rows(scenario: Scenario, clients: int, found: dict[str, list[Round]]) -> list[Row]:
    medians = {name: figures.median_round(rounds) for name, rounds in found.items()}
    direct = medians[DIRECT]
    return [
        Row(
            scenario=scenario.name,
            clients=clients,
            target=name,
            round=one,
            added=None if name == DIRECT else figures.added(direct, one),
        )
        for name, one in medians.items()
    ]
