"""The windows that rules and calendars leave, computed from nothing but these.

Whoever asks twice with the same values gets the same slots with the same keys, whatever the range
asked for: several schedulers agree without talking to each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from apps.training.windows.local import first_instant, local_day
from apps.training.windows.rules import DAY_MINUTES, Cause, Rules, Slot, Source, Span

ShutCode = Literal["outside", "not_idle", "too_short", "used_up"] | Cause

# A slot of hours lasts a day, two where the calendar skips one. What begins before the range may
# reach into it, what begins before that may shorten it, and the length of all of them counts.
_PAD = timedelta(days=4)
# Without any hours to cut them, stretches of silence are windows of this length.
_IDLE_STRETCH = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shut:
    """Why nothing trains; ``until``: when that is over; ``label``: whose calendar or what day."""

    code: ShutCode
    until: datetime | None = None
    label: str = ""


def windows_between(
    rules: Rules, busy: Sequence[Span], start: datetime, end: datetime
) -> list[Slot]:
    """The slots of sleep hours that reach into the range, in their order. None overlap."""
    raw = list(_of_hours(rules, start - _PAD, end + _PAD))
    return _left(rules, raw, busy, start, end)


def idle_between(
    rules: Rules, busy: Sequence[Span], active_at: datetime | None, start: datetime, end: datetime
) -> list[Slot]:
    """The slots that open because nobody has asked anything since ``active_at``.

    With a maximum length there is one for each silence, otherwise one after the other.
    """
    if rules.idle_minutes is None:
        return []
    since = max(active_at or rules.changed_at, rules.changed_at)
    raw = list(_of_silence(rules, since, start, end))
    return _left(rules, raw, busy, start, end, source="idle")


def black_out_spans(rules: Rules) -> list[Span]:
    return [
        Span(
            first_instant(rules.zone, out.first, 0),
            first_instant(rules.zone, out.last, DAY_MINUTES),
            "black_out",
            out.note,
        )
        for out in rules.black_outs
    ]


def reason_shut(
    rules: Rules, busy: Sequence[Span], active_at: datetime | None, at: datetime
) -> Shut:
    """Why no slot covers ``at``: of sleep hours if it lies in some, of the silence otherwise."""
    raw = [slot for slot in _of_hours(rules, at - _PAD, at + _PAD) if slot.covers(at)]
    kept = windows_between(rules, busy, at - _PAD, at + _PAD)
    if not raw and rules.idle_minutes is not None:
        since = max(active_at or rules.changed_at, rules.changed_at)
        if at < since + timedelta(minutes=rules.idle_minutes):
            return Shut("not_idle", since + timedelta(minutes=rules.idle_minutes))
        raw = [slot for slot in _of_silence(rules, since, at, at) if slot.covers(at)]
        kept = idle_between(rules, busy, active_at, at - _PAD, at + _PAD)
    if not raw:
        return Shut("used_up" if rules.idle_minutes is not None else "outside")
    blocked = [*busy, *black_out_spans(rules)]
    part = next((one for one in _cut(raw[0], blocked) if one.covers(at)), None)
    if part is None:
        span = next(one for one in blocked if one.starts_at <= at < one.ends_at)
        return Shut(span.cause, span.ends_at, span.label)
    return Shut("used_up" if any(slot.key == part.key for slot in kept) else "too_short")


def _of_hours(rules: Rules, start: datetime, end: datetime) -> Iterator[Slot]:
    """Sleep hours as they were said, each from where those before it end."""
    day, last = local_day(rules.zone, start), local_day(rules.zone, end)
    found = []
    while day <= last:
        for hours in rules.hours:
            if hours.weekday == day.weekday():
                opens = first_instant(rules.zone, day, hours.starts)
                closes = first_instant(rules.zone, day, hours.starts + hours.lasts)
                found.append(Slot(hours.key(day), opens, closes))
        day += timedelta(days=1)
    until = None
    for slot in sorted(found, key=lambda one: (one.opens_at, one.key)):
        opens = slot.opens_at if until is None else max(slot.opens_at, until)
        until = slot.closes_at if until is None else max(slot.closes_at, until)
        if opens < slot.closes_at:
            yield Slot(slot.key, opens, slot.closes_at)


def _of_silence(rules: Rules, since: datetime, start: datetime, end: datetime) -> Iterator[Slot]:
    assert rules.idle_minutes is not None
    opens = since + timedelta(minutes=rules.idle_minutes)
    name = f"idle {since:%Y-%m-%dT%H:%M:%S.%f}"
    if rules.max_minutes is not None:
        yield Slot(f"{name}/0", opens, opens + timedelta(minutes=rules.max_minutes), "idle")
        return
    number = max(0, (start - _PAD - opens) // _IDLE_STRETCH)
    while (begins := opens + number * _IDLE_STRETCH) < end + _PAD:
        yield Slot(f"{name}/{number}", begins, begins + _IDLE_STRETCH, "idle")
        number += 1


def _left(
    rules: Rules,
    raw: Sequence[Slot],
    busy: Sequence[Span],
    start: datetime,
    end: datetime,
    source: Source = "hours",
) -> list[Slot]:
    blocked = [*busy, *black_out_spans(rules)]
    parts = [part for slot in raw for part in _cut(slot, blocked)]
    kept = []
    for run in _runs(parts):
        if run[-1].closes_at - run[0].opens_at < timedelta(minutes=rules.min_minutes):
            continue
        kept += [_capped(part, rules.max_minutes, source) for part in run]
    return [slot for slot in kept if slot.closes_at > start and slot.opens_at < end]


def _cut(slot: Slot, blocked: Sequence[Span]) -> Iterator[Slot]:
    """What is left of a slot. A part that begins later says so in its key."""
    opens = slot.opens_at
    for span in sorted(blocked, key=lambda one: one.starts_at):
        if span.ends_at <= opens or span.starts_at >= slot.closes_at:
            continue
        if span.starts_at > opens:
            yield _part(slot, opens, span.starts_at)
        opens = span.ends_at
    if opens < slot.closes_at:
        yield _part(slot, opens, slot.closes_at)


def _part(slot: Slot, opens: datetime, closes: datetime) -> Slot:
    later = (opens - slot.opens_at) // timedelta(seconds=1)
    return Slot(f"{slot.key}+{later}" if later else slot.key, opens, closes, slot.source)


def _runs(parts: Sequence[Slot]) -> Iterator[list[Slot]]:
    """Parts that follow each other without a gap: their lengths count together."""
    run = list(parts[:1])
    for before, part in pairwise(parts):
        if part.opens_at > before.closes_at:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _capped(part: Slot, minutes: int | None, source: Source) -> Slot:
    closes = part.closes_at
    if minutes is not None:
        closes = min(closes, part.opens_at + timedelta(minutes=minutes))
    return Slot(part.key, part.opens_at, closes, source)
