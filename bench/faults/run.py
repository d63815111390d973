"""The rows in their order, each on a stage of its own; a row that breaks is a row that failed."""

import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import machine, report
from bench.aims import Aim
from bench.errors import BenchError
from bench.faults import cuts, kills, outages, prefixes, recorder, soak, spreading, storage
from bench.faults.finding import Extent, Finding
from bench.faults.provider import Provider
from bench.faults.stage import Stage
from bench.machine import Machine

ROWS: dict[str, Callable[[Stage, Extent], Finding]] = {
    # First: later rows leave room in the files, and growth into that would not show.
    "storage": storage.measure,
    "soak": soak.measure,
    "prefixes": prefixes.measure,
    "recorder": recorder.measure,
    "spreading": spreading.measure,
    "outages": outages.measure,
    "kills": kills.measure,
    "cuts": cuts.measure,
}


@dataclass(frozen=True, slots=True)
class Faults:
    """Everything that a run found."""

    measured_at: str
    machine: Machine
    load_averages: list[float]
    extent: Extent
    seconds: dict[str, float]
    figures: dict[str, float]
    aims: list[Aim]

    @property
    def is_met(self) -> bool:
        return all(aim.is_met is not False for aim in self.aims)


def run(
    extent: Extent, *, only: Sequence[str], folder: Path | None, say: Callable[[str], None]
) -> Faults:
    """Measure the rows named, or all. Raises BenchError for a name that there is not."""
    unknown = set(only) - ROWS.keys()
    if unknown:
        known = ", ".join(ROWS)
        raise BenchError(f"--only {', '.join(sorted(unknown))}: there is only {known}")
    aims: list[Aim] = []
    figures: dict[str, float] = {}
    seconds: dict[str, float] = {}
    averages = [machine.load_average()]
    with tempfile.TemporaryDirectory(dir=folder) as place, Provider() as provider:
        stage = Stage(Path(place), provider)
        for name in only or ROWS:
            began = time.monotonic()
            found = _measured(name, stage.within(name), extent)
            seconds[name] = round(time.monotonic() - began, 1)
            aims += found.aims
            figures |= found.figures
            averages.append(machine.load_average())
            say(f"  {name}: {seconds[name]:.0f} s")
    return Faults(
        measured_at=report.today(),
        machine=machine.describe(),
        load_averages=averages,
        extent=extent,
        seconds=seconds,
        figures=figures,
        aims=aims,
    )


def _measured(name: str, stage: Stage, extent: Extent) -> Finding:
    try:
        return ROWS[name](stage, extent)
    except Exception as exc:  # the edge: what breaks one row must not cost the others
        reason = str(exc) if isinstance(exc, BenchError) else repr(exc)
        if not isinstance(exc, BenchError):
            traceback.print_exc()
        return Finding([Aim(name, "a measurement", reason, is_met=False)], {})
