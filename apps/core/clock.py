"""The one place that asks for the time, so that tests can move it, and the demo can tell of weeks
that never were."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone

_NOT_MOVED = timedelta()
_moved: ContextVar[timedelta] = ContextVar("moved", default=_NOT_MOVED)


def now() -> datetime:
    """The current instant, UTC, time-zone aware."""
    return timezone.now() + _moved.get()


@contextmanager
def playing_at(at: datetime) -> Iterator[None]:
    """Have it be another time in what is called from here, and from nowhere else.

    For what is made up: nothing that happened is ever dated by this.
    """
    token = _moved.set(at - timezone.now())
    try:
        yield
    finally:
        _moved.reset(token)
