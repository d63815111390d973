"""Waiting until the judge has looked at turns."""

import time
from collections.abc import Callable, Collection

from metaclaw_web.cli.console_api import ConsoleApi

POLL_SECONDS = 0.5
# Other agents may use the workspace at the same time: look a little further than our own turns.
_ROOM_FOR_OTHERS = 5

Outcomes = dict[str, str]


def wait_for_outcomes(
    console: ConsoleApi,
    turn_ids: Collection[str],
    *,
    timeout_seconds: float,
    on_progress: Callable[[int, int], None],
) -> Outcomes:
    """The outcome per turn; after the timeout some may be missing."""
    wanted = set(turn_ids)
    outcomes: Outcomes = {}
    deadline = time.monotonic() + timeout_seconds
    while True:
        outcomes |= _scored(console, wanted - outcomes.keys(), most=len(wanted) * _ROOM_FOR_OTHERS)
        on_progress(len(outcomes), len(wanted))
        if len(outcomes) == len(wanted) or time.monotonic() > deadline:
            return outcomes
        time.sleep(POLL_SECONDS)


def _scored(console: ConsoleApi, wanted: set[str], *, most: int) -> Outcomes:
    """One look at the list, newest first, that stops once nothing is left to find."""
    found: Outcomes = {}
    missing = set(wanted)
    for turn in console.pages("turns/", most=most):
        if not missing:
            break
        if turn["id"] in missing:
            missing.discard(turn["id"])
            if turn["outcome"] != "unscored":
                found[turn["id"]] = str(turn["outcome"])
    return found
