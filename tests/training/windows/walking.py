"""Windows found by walking through time minute by minute, knowing nothing of clock changes.

A zone is asked for one thing only: what its clocks show at an instant.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.training.windows import Hours

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Found = tuple[str, datetime, datetime]


def walked(zone: ZoneInfo, hours: list[Hours], start: datetime, end: datetime) -> list[Found]:
    """The windows that begin in the range: (key, first minute, first minute after)."""
    # A point far behind the end, so that there is always a next one.
    points = sorted(_points(hours, _face(start, zone) - 3 * DAY, _face(end, zone) + 20 * DAY))
    active: list[tuple[datetime, str]] = []
    shown = _face(start - 3 * DAY, zone)
    owner, since, found = None, start, []
    at, upcoming = start - 3 * DAY, 0
    while at < end + 3 * DAY:
        # A clock that goes back shows nothing new until it is past where it was.
        shown = max(shown, _face(at, zone))
        if points[upcoming][0] <= shown:
            while points[upcoming][0] <= shown:
                _, is_end, key = points[upcoming]
                active = [one for one in active if one[1] != key]
                if not is_end:
                    active.append((at, key))
                upcoming += 1
            holder = min(active)[1] if active else None
            if holder != owner:
                if owner is not None:
                    found.append((owner, since, at))
                owner, since = holder, at
        at += MINUTE
    return [one for one in found if start <= one[1] < end]


def _points(
    hours: list[Hours], first: datetime, last: datetime
) -> Iterator[tuple[datetime, bool, str]]:
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < last:
        for one in hours:
            if midnight.weekday() == one.weekday:
                opens = midnight + one.starts * MINUTE
                key = one.key(midnight.date())
                yield opens, False, key
                yield opens + one.lasts * MINUTE, True, key
        midnight += DAY


def _face(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]
