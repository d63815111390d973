"""What rules, calendars, silence and people make of an instant."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.training.windows import (
    CODES,
    BlackOut,
    Facts,
    Hours,
    Rules,
    Span,
    Standing,
    idle_between,
    next_slot,
    sentence,
    standing_at,
    too_short_hours,
    windows_between,
)
from tests.training.windows.walking import MINUTE, utc

NIGHTLY = tuple(Hours(day, 23 * 60, 7 * 60) for day in range(7))
NIGHT = utc(2026, 1, 6, 2)  # in the middle of Monday's window
OPENS, CLOSES = utc(2026, 1, 5, 23), utc(2026, 1, 6, 7)


def rules(**fields) -> Rules:
    values = {"zone": ZoneInfo("UTC"), "changed_at": utc(2026, 1, 1), "hours": NIGHTLY, **fields}
    return Rules(**values)


def code(facts: Facts = Facts(), at=NIGHT, **fields) -> str:  # noqa: B008
    return standing_at(rules(**fields), facts, at).code


def test_a_busy_time_cuts_a_window_in_two_with_names_of_their_own():
    busy = Span(utc(2026, 1, 6, 1), utc(2026, 1, 6, 3))

    found = windows_between(rules(), [busy], OPENS, CLOSES)

    assert [(slot.key, slot.opens_at, slot.closes_at) for slot in found] == [
        ("2026-01-05T23:00-07:00", OPENS, busy.starts_at),
        ("2026-01-05T23:00-07:00+14400", busy.ends_at, CLOSES),
    ]


def test_what_a_calendar_leaves_may_be_too_short():
    busy = Span(OPENS + 19 * MINUTE, CLOSES - 20 * MINUTE)

    found = windows_between(rules(), [busy], OPENS, CLOSES)

    assert [(slot.opens_at, slot.closes_at) for slot in found] == [(busy.ends_at, CLOSES)]
    assert code(Facts(busy=(busy,)), OPENS + MINUTE) == "too_short"


def test_hours_that_touch_count_together_for_the_minimum():
    touching = (Hours(0, 23 * 60, 24 * 60), Hours(1, 0, 60))

    found = windows_between(rules(hours=touching, min_minutes=90), [], OPENS, CLOSES)

    assert [slot.lasts for slot in found] == [timedelta(hours=1)] * 2
    assert too_short_hours(touching, 90) == []
    assert too_short_hours(touching, 121) == list(touching)


def test_a_window_ends_at_its_maximum_length():
    (slot,) = windows_between(rules(max_minutes=60), [], OPENS, CLOSES)

    assert slot.lasts == timedelta(hours=1)
    assert code(max_minutes=60) == "used_up"


def test_black_outs_are_whole_days_of_the_workspace():
    berlin = ZoneInfo("Europe/Berlin")
    out = BlackOut(date(2026, 1, 6), date(2026, 1, 6), "Epiphany")

    dark = rules(zone=berlin, black_outs=(out,))

    found = windows_between(dark, [], utc(2026, 1, 5, 12), utc(2026, 1, 8))

    assert [(slot.opens_at, slot.closes_at) for slot in found] == [
        (utc(2026, 1, 5, 22), utc(2026, 1, 5, 23)),
        (utc(2026, 1, 6, 23), utc(2026, 1, 7, 6)),
        (utc(2026, 1, 7, 22), utc(2026, 1, 8, 6)),
    ]
    shut = standing_at(dark, Facts(), NIGHT)
    assert (shut.code, shut.label, shut.until) == ("black_out", "Epiphany", utc(2026, 1, 6, 23))


@pytest.mark.parametrize(
    "facts, at, expected",
    [
        (Facts(), NIGHT, "open"),
        (Facts(), CLOSES, "outside"),
        (Facts(asked_at=NIGHT - 59 * MINUTE / 60), NIGHT, "traffic"),
        (Facts(asked_at=NIGHT - MINUTE), NIGHT, "open"),
        # A recorder's clock that is a little ahead.
        (Facts(asked_at=NIGHT + MINUTE), NIGHT, "traffic"),
        (Facts(present_at=NIGHT - MINUTE), NIGHT, "presence"),
        (Facts(present_at=NIGHT - 2 * MINUTE), NIGHT, "open"),
        (Facts(asked_at=CLOSES - MINUTE / 2), CLOSES, "outside"),
        (Facts(busy=(Span(OPENS, CLOSES, "busy", "Work"),)), NIGHT, "busy"),
        (Facts(busy=(Span(OPENS, CLOSES, "unknown", "Work"),)), NIGHT, "unknown"),
    ],
)
def test_how_an_instant_stands(facts, at, expected):
    assert code(facts, at) == expected


def test_without_rules_nothing_opens():
    assert code(hours=()) == "no_rules"


def test_silence_opens_a_window_that_the_next_request_ends():
    quiet = rules(hours=(), idle_minutes=30)
    asked = utc(2026, 1, 6, 12)

    def stands(at):
        return standing_at(quiet, Facts(asked_at=asked), at)

    assert stands(asked + 29 * MINUTE).code == "not_idle"
    assert stands(asked + 29 * MINUTE).until == asked + 30 * MINUTE
    first, later = stands(asked + 30 * MINUTE), stands(asked + 300 * MINUTE)
    assert first.code == later.code == "open"
    assert first.slots == later.slots
    again = standing_at(quiet, Facts(asked_at=asked + 301 * MINUTE), asked + 302 * MINUTE)
    assert again.code == "not_idle"


def test_silence_before_the_rules_does_not_count():
    new = rules(hours=(), idle_minutes=30, changed_at=NIGHT)

    assert standing_at(new, Facts(asked_at=utc(2025, 1, 1)), NIGHT + 29 * MINUTE).code == "not_idle"
    assert standing_at(new, Facts(), NIGHT + 30 * MINUTE).code == "open"


def test_a_long_silence_has_one_window_a_day_or_one_alone():
    asked = utc(2026, 1, 2)
    end = asked + timedelta(days=3)

    daily = idle_between(rules(idle_minutes=30), [], asked, asked, end)
    alone = idle_between(rules(idle_minutes=30, max_minutes=120), [], asked, asked, end)

    assert [slot.lasts for slot in daily] == [timedelta(days=1)] * 3
    assert len({slot.key for slot in daily}) == 3
    assert [slot.lasts for slot in alone] == [timedelta(hours=2)]
    assert code(Facts(asked_at=asked), end, hours=(), idle_minutes=30, max_minutes=120) == "used_up"


def test_the_next_window_is_told_in_the_time_of_the_workspace():
    kathmandu = rules(zone=ZoneInfo("Asia/Kathmandu"))
    at = utc(2026, 1, 6, 10)
    coming = next_slot(kathmandu, Facts(), at, 7)

    text = sentence(
        standing_at(kathmandu, Facts(), at),
        zone=kathmandu.zone,
        at=at,
        closes_at=None,
        next_at=coming.opens_at,
    )

    assert text == "These are no hours to train in. Next window: 23:00."


@pytest.mark.parametrize(
    "facts, says",
    [
        (
            Facts(busy=(Span(OPENS, CLOSES, "busy", "Work"),)),
            "The calendar Work says busy until 07:00.",
        ),
        (Facts(busy=(Span(OPENS, CLOSES, "unknown", "Work"),)), "has not answered for a day"),
        (Facts(asked_at=NIGHT), "Somebody asked something just now; training waits until 02:01."),
        (Facts(present_at=NIGHT), "Somebody is at their keyboard; training waits until 02:02."),
    ],
)
def test_why_not_is_a_sentence(facts, says):
    found = sentence(
        standing_at(rules(), facts, NIGHT),
        zone=ZoneInfo("UTC"),
        at=NIGHT,
        closes_at=None,
        next_at=None,
    )

    assert says in found
    assert "No further window is expected in the next seven days." in found


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_sentence(code):
    text = sentence(
        Standing(code, until=CLOSES, label="{Work}"),
        zone=ZoneInfo("UTC"),
        at=NIGHT,
        closes_at=CLOSES,
        next_at=CLOSES,
    )

    assert text.endswith(".")
    assert "{until}" not in text
