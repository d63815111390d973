"""When a workspace may train, as it was said: plain values, read from and written to JSON."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from apps.core.said import say

DAY_MINUTES = 24 * 60

Cause = Literal["black_out", "busy", "unknown"]
Source = Literal["hours", "idle"]

_CLOCK = re.compile(r"(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a weekday (Monday is 0) in which nobody works, in minutes since midnight.

    An end that is not after the start is that of the next day: 23:00 to 07:00 lasts eight
    hours, 22:00 to 22:00 a whole day.
    """

    weekday: int
    starts: int
    ends: int

    @property
    def lasts(self) -> int:
        return (self.ends - self.starts - 1) % DAY_MINUTES + 1

    def key(self, day: date) -> str:
        """Its name on a day: there is no second one like it."""
        return f"{day.isoformat()}T{clock_text(self.starts)}-{clock_text(self.ends)}"


@dataclass(frozen=True, slots=True)
class BlackOut:
    """Whole days without training, the last one included."""

    first: date
    last: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a person said about windows; ``idle_minutes``: also train after so long a silence.

    ``max_minutes`` ends a window early; ``quiet_minutes`` is how long after a request nothing
    trains. ``changed_at``: silence before that does not count, so that a new rule does not look
    back.
    """

    zone: ZoneInfo
    changed_at: datetime
    hours: tuple[Hours, ...] = ()
    idle_minutes: int | None = None
    min_minutes: int = 20
    max_minutes: int | None = None
    quiet_minutes: int = 1
    black_outs: tuple[BlackOut, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.hours and self.idle_minutes is None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which nothing trains, and why; ``label``: whose calendar says so."""

    starts_at: datetime
    ends_at: datetime
    cause: Cause = "busy"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which training is expected. ``key`` is its name for ever."""

    key: str
    opens_at: datetime
    closes_at: datetime
    source: Source = "hours"

    def covers(self, at: datetime) -> bool:
        return self.opens_at <= at < self.closes_at

    @property
    def lasts(self) -> timedelta:
        return self.closes_at - self.opens_at


def clock_minutes(text: str) -> int:
    """Minutes since midnight of ``23:30``; ``24:00`` is the end of a day. Raises ValueError."""
    found = _CLOCK.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minutes > DAY_MINUTES:
        raise ValueError(
            say("no_time_of_day", "{text} is not a time of day like 23:30.", text=text)
        )
    return minutes


def clock_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def hours_read(rows: Iterable[Mapping[str, Any]]) -> tuple[Hours, ...]:
    return tuple(
        Hours(int(row["weekday"]), clock_minutes(row["starts"]), clock_minutes(row["ends"]))
        for row in rows
    )


def black_outs_read(rows: Iterable[Mapping[str, Any]]) -> tuple[BlackOut, ...]:
    return tuple(
        BlackOut(
            date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), row.get("note", "")
        )
        for row in rows
    )


def from_seconds(seconds: float) -> datetime:
    """The instant of a Unix time; busy times are stored as such."""
    return datetime.fromtimestamp(seconds, UTC)
