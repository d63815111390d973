"""Local times as instants, through every kind of clock change.

A time that a clock skips stands for the instant at which the clock goes on; one that comes twice
stands for the first. Both follow from one sentence: it is the first instant at which the clock
shows this time or a later one.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


# The same few evenings and mornings are asked for again and again.
@lru_cache(maxsize=8192)
def first_instant(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """The first instant at which the clocks of ``zone`` are so many minutes into ``day``, or later.

    Minutes may be those of the next day.
    """
    wanted = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001  # a clock's face
    early = (wanted - _offset(wanted, zone, fold=1)).replace(tzinfo=UTC)
    late = (wanted - _offset(wanted, zone, fold=0)).replace(tzinfo=UTC)
    if _face(late, zone) == wanted:
        return late
    # The clock skips it: what is sought is the instant of the jump, between these two.
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if _face(middle, zone) >= wanted:
            late = middle
        else:
            early = middle
    return late


def local_day(zone: ZoneInfo, at: datetime) -> date:
    return at.astimezone(zone).date()


def _offset(face: datetime, zone: ZoneInfo, *, fold: int) -> timedelta:
    offset = face.replace(tzinfo=zone, fold=fold).utcoffset()
    assert offset is not None  # a ZoneInfo always knows
    return offset


def _face(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
