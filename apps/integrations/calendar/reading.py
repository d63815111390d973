"""Busy times out of iCalendar data (RFC 5545). Knows neither Django nor the network.

What others wrote is read here, with libraries that were not made for hostile input: call it
through ``apartment``, in a process of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from apps.core.said import say

Seconds = tuple[int, int]

# Of free/busy data, what does not mean busy.
_FREE_TYPES = frozenset({"FREE"})
_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_MOST_BUSY = 5_000


class Unreadable(Exception):
    """The text is no calendar; what is wrong, for people."""


def busy_times(texts: Iterable[str], *, zone: str, start: datetime, end: datetime) -> list[Seconds]:
    """When these calendars say busy between the two instants, joined and in order, as Unix times.

    ``zone``: where events are that name no time zone, such as those of whole days.
    """
    here = ZoneInfo(zone)
    found: list[tuple[datetime, datetime]] = []
    for text in texts:
        for calendar in _calendars(text):
            found += _of_events(calendar, here, start, end)
            found += _of_free_busy(calendar, here)
    clipped = [(max(one, start), min(other, end)) for one, other in found]
    return _joined((one, other) for one, other in clipped if one < other)


def _calendars(text: str) -> list[Any]:
    head = text.lstrip("\ufeff \t\r\n")[:64].upper()
    if head.startswith("<"):
        english = (
            "The address answers with a web page. Copy the calendar's own address, which often"
            " ends in .ics."
        )
        raise Unreadable(say("calendar_web_page", english))
    if not head.startswith("BEGIN:VCALENDAR"):
        raise Unreadable(say("calendar_none", "What the address answers is no calendar."))
    try:
        calendars = list(icalendar.Calendar.from_ical(text, multiple=True))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as exc:
        raise Unreadable(say("calendar_broken", "The calendar's data is broken.")) from exc
    if not calendars:
        raise Unreadable(say("calendar_cut", "The calendar's data is broken, or cut off."))
    for calendar in calendars:
        _refuse_broken_times(calendar)
    return calendars


def _refuse_broken_times(calendar: Any) -> None:
    """An event whose time cannot be read must not look like a time in which nobody is busy."""
    for event in calendar.walk("VEVENT"):
        for name, _ in event.errors:
            if str(name).upper() in _TIMES:
                english = "An event of the calendar has a broken time ({name})."
                raise Unreadable(say("calendar_broken_time", english, name=str(name)))


def _of_events(
    calendar: Any, here: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    # A day on each side: whole days and floating times are somewhere in it.
    range_start, range_end = start - timedelta(days=1), end + timedelta(days=1)
    try:
        events = recurring_ical_events.of(calendar, skip_bad_series=True).between(
            range_start, range_end
        )
        for event in events:
            if _is_busy(event):
                yield _instants(event, here)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as exc:
        raise Unreadable(
            say("calendar_broken_event", "An event of the calendar is broken.")
        ) from exc


def _is_busy(event: Any) -> bool:
    """Whether an event takes somebody's time; tentative ones do."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE":
        return False
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _instants(event: Any, here: ZoneInfo) -> tuple[datetime, datetime]:
    starts = event["DTSTART"].dt
    ends = event["DTEND"].dt if "DTEND" in event else starts
    if ends == starts and not isinstance(starts, datetime):
        ends = starts + timedelta(days=1)
    return _instant(starts, here), _instant(ends, here)


def _instant(value: date | datetime, here: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=here)
    return value.astimezone(UTC)


def _of_free_busy(calendar: Any, here: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Periods of VFREEBUSY components: calendars that say nothing else."""
    for component in calendar.walk("VFREEBUSY"):
        lines = component.get("FREEBUSY", [])
        for line in lines if isinstance(lines, list) else [lines]:
            if str(line.params.get("FBTYPE", "BUSY")).upper() in _FREE_TYPES:
                continue
            periods = getattr(line, "dts", None)
            for period in [one.dt for one in periods] if periods else [line.dt]:
                starts, ends = period
                if isinstance(ends, timedelta):
                    ends = starts + ends
                yield _instant(starts, here), _instant(ends, here)


def _joined(times: Iterable[tuple[datetime, datetime]]) -> list[Seconds]:
    joined: list[Seconds] = []
    for starts_at, ends_at in sorted(times):
        starts, ends = int(starts_at.timestamp()), int(ends_at.timestamp())
        if joined and starts <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends)
        else:
            joined.append((starts, ends))
    if len(joined) > _MOST_BUSY:
        english = "The calendar has more than {limit} busy times in a week."
        raise Unreadable(say("calendar_busy", english, limit=_MOST_BUSY))
    return joined
