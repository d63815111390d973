"""Whether training may go on at an instant, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from apps.training.windows.rules import Hours, Rules, Slot, Span
from apps.training.windows.slots import ShutCode, idle_between, reason_shut, windows_between

# A ping of somebody's keyboard counts for so long at least: clients send one a minute.
PRESENCE_LASTS = timedelta(minutes=2)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)

# due: a slot covers the instant, and no scheduler has looked yet.
Code = ShutCode | Literal["open", "due", "no_rules", "traffic", "presence"]
CODES: tuple[Code, ...] = (
    "open",
    "due",
    "no_rules",
    "traffic",
    "presence",
    "busy",
    "unknown",
    "black_out",
    "outside",
    "not_idle",
    "too_short",
    "used_up",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a workspace at an instant, besides its rules."""

    busy: tuple[Span, ...] = ()
    asked_at: datetime | None = None
    present_at: datetime | None = None

    @property
    def active_at(self) -> datetime | None:
        known = [at for at in (self.asked_at, self.present_at) if at is not None]
        return max(known, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """``slots``: those that cover the instant, empty unless ``code`` is open.

    ``until``: when what is in the way is over, where that is known. ``label``: whose calendar, or
    what day it is.
    """

    code: Code
    slots: tuple[Slot, ...] = ()
    until: datetime | None = None
    label: str = ""


def standing_at(rules: Rules, facts: Facts, at: datetime) -> Standing:
    """How things stand at an instant. What people do comes first: it stops training at once."""
    if rules.is_empty:
        return Standing("no_rules")
    slots = _covering(rules, facts, at)
    quiet = timedelta(minutes=rules.quiet_minutes)
    vetoes: Sequence[tuple[Code, datetime | None, timedelta]] = (
        ("traffic", facts.asked_at, quiet),
        ("presence", facts.present_at, max(quiet, PRESENCE_LASTS)),
    )
    for code, seen_at, lasts in vetoes:
        # Clocks of two machines may differ: what is a moment ahead counts as now.
        if seen_at is not None and at < seen_at + lasts and (slots or rules.idle_minutes):
            return Standing(code, until=seen_at + lasts)
    if slots:
        return Standing("open", slots)
    shut = reason_shut(rules, facts.busy, facts.active_at, at)
    return Standing(shut.code, until=shut.until, label=shut.label)


def next_slot(rules: Rules, facts: Facts, at: datetime, days: int) -> Slot | None:
    """The next one that is expected to open, the silence being what it is."""
    end = at + timedelta(days=days)
    known = windows_between(rules, facts.busy, at, end)
    known += idle_between(rules, facts.busy, facts.active_at, at, end)
    coming = [slot for slot in known if slot.opens_at > at]
    return min(coming, key=lambda slot: slot.opens_at, default=None)


def too_short_hours(hours: Sequence[Hours], min_minutes: int) -> list[Hours]:
    """Those that never open because they, with what follows them at once, are too short."""
    rules = Rules(ZoneInfo("UTC"), _EPOCH, tuple(hours), min_minutes=min_minutes)
    found = []
    for one in hours:
        # Any week will do, where clocks do not change.
        day = _EPOCH + timedelta(days=(one.weekday - _EPOCH.weekday()) % 7 + 7)
        middle = day + timedelta(minutes=one.starts + one.lasts / 2)
        if standing_at(rules, Facts(), middle).code == "too_short":
            found.append(one)
    return found


def _covering(rules: Rules, facts: Facts, at: datetime) -> tuple[Slot, ...]:
    known = windows_between(rules, facts.busy, at, at + _MOMENT)
    known += idle_between(rules, facts.busy, facts.active_at, at, at + _MOMENT)
    return tuple(slot for slot in known if slot.covers(at))
