"""Leaving a provider alone that has just failed several times in a row.

Per process and provider. A provider that is left alone goes to the end of the line; it is
never refused outright, because a slow or failing answer is better than none at all.
"""

import time
from dataclasses import dataclass
from uuid import UUID

_FAILURES = 5
_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 60.0


@dataclass(slots=True)
class _State:
    failures: int = 0
    pause: float = 0.0
    closed_until: float = 0.0


class Breakers:
    """The state of every provider this process has seen failing."""

    def __init__(self) -> None:
        self._states: dict[UUID, _State] = {}

    def is_open(self, upstream_id: UUID) -> bool:
        """Whether the provider should be passed over if there is another one.

        When its pause is over one request is let through; what becomes of it decides.
        """
        state = self._states.get(upstream_id)
        if state is None or state.failures < _FAILURES:
            return False
        if time.monotonic() < state.closed_until:
            return True
        # This caller tries it; the next ones wait for the outcome.
        state.closed_until = time.monotonic() + _FIRST_PAUSE_SECONDS
        return False

    def failed(self, upstream_id: UUID) -> None:
        state = self._states.setdefault(upstream_id, _State())
        state.failures += 1
        if state.failures >= _FAILURES:
            state.pause = min(_LONGEST_PAUSE_SECONDS, max(_FIRST_PAUSE_SECONDS, state.pause * 2))
            state.closed_until = time.monotonic() + state.pause

    def worked(self, upstream_id: UUID) -> None:
        if self._states:
            self._states.pop(upstream_id, None)
