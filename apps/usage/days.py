"""Days and months of a workspace: they begin at midnight where it says it is."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def day_start(at: datetime, zone: ZoneInfo) -> datetime:
    """The midnight before."""
    return datetime.combine(day_of(at, zone), time(), zone)


def day_end(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the next day, however long this one is."""
    return datetime.combine(day_of(at, zone) + timedelta(days=1), time(), zone)


def month_end(at: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the next month."""
    after = (day_of(at, zone).replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(after, time(), zone)
