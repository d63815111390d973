"""Months of turns: their tables are cut by month, and ids say which month is theirs."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

_MILLIS_AT = 80
_MINUTE = 60_000


def month_of(turn_id: UUID) -> datetime:
    """The first moment of the month in which a version 7 id was made."""
    millis = turn_id.int >> _MILLIS_AT
    try:
        at = datetime.fromtimestamp(millis / 1000, UTC)
    except (ValueError, OverflowError):  # an id that carries no time of ours
        at = datetime.max.replace(tzinfo=UTC)
    return month_at(at)


def month_at(at: datetime) -> datetime:
    """The first moment of the month of ``at``."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(month: datetime) -> datetime:
    years, months = divmod(month.month, 12)
    return month.replace(year=month.year + years, month=months + 1)


def minute_bounds(turn_id: UUID) -> tuple[UUID, UUID]:
    """The smallest ids of the minute in which an id was made, and of the next one."""
    minute = (turn_id.int >> _MILLIS_AT) // _MINUTE
    most = (1 << 128) - 1
    low, high = ((one * _MINUTE) << _MILLIS_AT for one in (minute, minute + 1))
    return UUID(int=low), UUID(int=min(high, most))


def made_at(turn_id: UUID) -> datetime:
    """The moment in which a version 7 id was made."""
    return datetime.fromtimestamp((turn_id.int >> _MILLIS_AT) / 1000, UTC)


def first_id(at: datetime) -> UUID:
    """The smallest id of that moment: every id made before sorts before it."""
    return UUID(int=int(at.timestamp() * 1000) << _MILLIS_AT)


def piece_id(*, tenant_id: UUID, month: datetime, digest: bytes) -> UUID:
    """The one id of a piece of text in a month: it sorts with that month's turns."""
    named = hashlib.blake2b(tenant_id.bytes + digest, digest_size=10).digest()
    value = (int(month.timestamp() * 1000) << _MILLIS_AT) | int.from_bytes(named)
    return UUID(int=value)
