"""Sleep hours through every kind of clock change, against a walk minute by minute."""

import random
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.training.windows import Facts, Hours, Rules, standing_at, windows_between
from apps.training.windows.local import first_instant
from tests.training.windows.walking import DAY, MINUTE, Found, utc, walked

# Half-hour changes, a day that never was, offsets of a quarter, Ramadan, both hemispheres.
ZONES = {
    "Australia/Lord_Howe": utc(2026, 2, 1),
    "Pacific/Apia": utc(2011, 11, 1),
    "America/St_Johns": utc(2026, 2, 1),
    "Asia/Kathmandu": utc(2026, 2, 1),
    "Africa/Casablanca": utc(2026, 1, 15),
    "Europe/Berlin": utc(2026, 2, 1),
    "America/New_York": utc(2026, 2, 1),
    "America/Sao_Paulo": utc(2017, 9, 1),
    "Asia/Gaza": utc(2025, 9, 1),
    "Pacific/Chatham": utc(2026, 2, 1),
    "Antarctica/Troll": utc(2026, 2, 1),
    "UTC": utc(2026, 2, 1),
}
DAYS = 400


def nightly(starts: str, ends: str) -> list[Hours]:
    return [Hours(day, _minutes(starts), _minutes(ends)) for day in range(7)]


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


# Across midnight, inside the hours that change, several a day that touch and overlap.
WEEK = [
    *nightly("22:30", "06:15"),
    *[Hours(day, _minutes("01:40"), _minutes("02:20")) for day in (5, 6)],
    *[Hours(day, _minutes("05:30"), _minutes("08:00")) for day in (0, 6)],
    Hours(2, _minutes("12:00"), _minutes("13:00")),
    Hours(6, 0, 24 * 60),
]


@cache
def expected_in(zone: str) -> list[Found]:
    return walked(ZoneInfo(zone), WEEK, ZONES[zone], ZONES[zone] + DAYS * DAY)


def rules_in(zone: str, hours=None, **fields) -> Rules:
    defaults = {"min_minutes": 1, "changed_at": utc(2000, 1, 1)}
    return Rules(ZoneInfo(zone), hours=tuple(hours or WEEK), **defaults | fields)


class Beats:
    """Three schedulers with one store, in which a slot can stand once."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.opened: dict[str, list[datetime]] = {}
        self.closed: dict[str, datetime] = {}
        self.now_open: str | None = None

    def tick(self, at: datetime) -> None:
        standing = standing_at(self.rules, Facts(), at)
        keys = [slot.key for slot in standing.slots]
        if self.now_open is not None and self.now_open not in keys:
            self.closed[self.now_open] = at
            self.now_open = None
        if self.now_open is None and keys:
            self.now_open = keys[0]
            self.opened.setdefault(keys[0], []).append(at)


@pytest.mark.parametrize("zone", ZONES)
def test_three_beats_miss_and_double_nothing_in_four_hundred_days(zone):
    expected = expected_in(zone)
    chance = random.Random(zone)
    beats = Beats(rules_in(zone))
    # Each looks once within thirty seconds of every moment at which something changes.
    ticks = sorted(
        moment + timedelta(seconds=chance.uniform(0, 30))
        for _, opens, closes in expected
        for moment in (opens, closes)
        for _ in range(3)
    )

    for at in ticks:
        beats.tick(at)

    assert len(expected) > DAYS
    assert {key for key, _, _ in expected} <= set(beats.opened)  # none missed
    assert len(beats.opened) <= len(expected) + 2  # those that reach into the range
    for key, opens, closes in expected:
        (opened_at,) = beats.opened[key]  # none doubled
        assert opens <= opened_at < opens + MINUTE
        assert closes <= beats.closed.get(key, closes) < closes + MINUTE


@pytest.mark.parametrize("zone", ZONES)
def test_slots_are_those_of_a_walk_minute_by_minute(zone):
    start, end = ZONES[zone], ZONES[zone] + DAYS * DAY

    found = windows_between(rules_in(zone), [], start, end)

    slots = [(one.key, one.opens_at, one.closes_at) for one in found if one.opens_at >= start]
    assert slots == expected_in(zone)


def test_a_day_that_never_was_has_no_hours_of_its_own():
    zone = "Pacific/Apia"  # 30 December 2011 was left out
    rules = rules_in(zone, nightly("01:00", "05:00"))

    slots = windows_between(rules, [], utc(2011, 12, 28), utc(2012, 1, 2))

    assert [slot.key[:10] for slot in slots] == [
        "2011-12-28",
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
        "2012-01-02",
    ]


def test_a_skipped_time_opens_where_the_clock_goes_on():
    rules = rules_in("Europe/Berlin", nightly("02:30", "04:00"))

    (slot,) = windows_between(rules, [], utc(2026, 3, 29), utc(2026, 3, 29, 12))

    assert (slot.opens_at, slot.closes_at) == (utc(2026, 3, 29, 1), utc(2026, 3, 29, 2))


def test_a_repeated_time_counts_once():
    rules = rules_in("Europe/Berlin", nightly("02:15", "02:45"))

    (slot,) = windows_between(rules, [], utc(2026, 10, 25), utc(2026, 10, 25, 12))

    assert (slot.opens_at, slot.closes_at) == (utc(2026, 10, 25, 0, 15), utc(2026, 10, 25, 0, 45))


def test_a_night_in_which_the_clock_goes_back_is_an_hour_longer():
    rules = rules_in("Europe/Berlin", nightly("23:00", "07:00"))

    slots = windows_between(rules, [], utc(2026, 10, 24, 12), utc(2026, 10, 25, 12))

    assert [slot.lasts for slot in slots] == [timedelta(hours=9)]


hours_of_any_kind = st.builds(
    Hours,
    weekday=st.integers(0, 6),
    starts=st.integers(0, 24 * 60 - 1),
    ends=st.integers(0, 24 * 60),
)
moments = st.datetimes(min_value=datetime(2009, 1, 1), max_value=datetime(2030, 1, 1))  # noqa: DTZ001


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(sorted(ZONES)),
    hours=st.lists(hours_of_any_kind, min_size=1, max_size=6),
    moment=moments,
)
def test_any_hours_in_any_zone_agree_with_the_walk(zone, hours, moment):
    start = utc(*moment.timetuple()[:5])
    end = start + 3 * DAY

    found = windows_between(rules_in(zone, hours), [], start, end)

    slots = [(one.key, one.opens_at, one.closes_at) for one in found if one.opens_at >= start]
    assert [one for one in slots if one[1] < end] == walked(ZoneInfo(zone), hours, start, end)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(sorted(ZONES)),
    hours=st.lists(hours_of_any_kind, min_size=1, max_size=6),
    moment=moments,
    shift=st.integers(0, 3 * 24 * 60),
)
def test_slots_are_the_same_whatever_range_is_asked_for(zone, hours, moment, shift):
    rules = rules_in(zone, hours, min_minutes=30)
    start = utc(*moment.timetuple()[:5])
    later = start + shift * MINUTE

    wide = windows_between(rules, [], start, start + 6 * DAY)
    narrow = windows_between(rules, [], later, later + DAY)

    assert narrow == [
        slot for slot in wide if slot.closes_at > later and slot.opens_at < later + DAY
    ]


@settings(max_examples=200, deadline=None)
@given(zone=st.sampled_from(sorted(ZONES)), moment=moments, minutes=st.integers(0, 48 * 60))
def test_the_first_instant_shows_the_time_and_none_before_does(zone, moment, minutes):
    clock = ZoneInfo(zone)
    day = date(*moment.timetuple()[:3])
    wanted = datetime(day.year, day.month, day.day) + minutes * MINUTE  # noqa: DTZ001

    at = first_instant(clock, day, minutes)

    def shows(moment: datetime) -> datetime:
        return moment.astimezone(clock).replace(tzinfo=None, fold=0)

    assert shows(at) >= wanted
    for earlier in (timedelta(seconds=1), MINUTE, timedelta(hours=1), DAY):
        assert shows(at - earlier) < wanted
