"""Whether everything that was answered is on record, and how long that took."""

import time
from collections.abc import Collection
from dataclasses import dataclass

from bench.processes import Watched
from bench.workspace import Workspace

_LONGEST_SECONDS = 1800.0
_QUIET_SECONDS = 30.0
_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Capture:
    """What the recorder stored of a run."""

    turns: int
    with_skill: int
    waiting_at_end: int
    per_second: float
    cpu_us: float
    resident_mb: float


def await_all(workspaces: Collection[Workspace], recorder: Watched, wanted: int) -> Capture:
    """Wait until the recorder has stored ``wanted`` turns, or stores nothing more."""

    def stored() -> int:
        return sum(space.count_turns() for space in workspaces)

    began = moved_at = time.monotonic()
    first = turns = stored()
    while turns < wanted and time.monotonic() - began < _LONGEST_SECONDS:
        time.sleep(_LOOK_SECONDS)
        found = stored()
        if found > turns:
            turns, moved_at = found, time.monotonic()
        elif time.monotonic() - moved_at > _QUIET_SECONDS:
            break
    return Capture(
        turns=turns,
        with_skill=sum(space.count_turns_with_skill() for space in workspaces),
        waiting_at_end=wanted - first,
        per_second=(turns - first) / max(_LOOK_SECONDS, moved_at - began),
        cpu_us=recorder.cpu_seconds() / max(1, turns) * 1e6,
        resident_mb=recorder.resident_mb(),
    )
