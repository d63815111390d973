"""Busy times out of calendars as programs really write them."""

from datetime import UTC, datetime

import pytest

from apps.integrations.calendar import apartment
from apps.integrations.calendar.client import CalendarFailed
from apps.integrations.calendar.reading import Unreadable, busy_times

START, END = datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)


def calendar(*events: str, around: str = "") -> str:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nDTSTAMP:20260101T000000Z\n{event}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{around}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def busy(*events: str, zone: str = "Europe/Berlin", around: str = "") -> list[str]:
    found = busy_times([calendar(*events, around=around)], zone=zone, start=START, end=END)
    return [
        f"{datetime.fromtimestamp(one, UTC):%d %H:%M}-{datetime.fromtimestamp(other, UTC):%d %H:%M}"
        for one, other in found
    ]


def test_one_event():
    assert busy("DTSTART:20260324T090000Z\nDTEND:20260324T100000Z\nSUMMARY:Secret") == [
        "24 09:00-24 10:00"
    ]


def test_a_weekly_event_keeps_its_local_time_when_clocks_change():
    event = (
        "DTSTART;TZID=Europe/Berlin:20260302T090000\nDTEND;TZID=Europe/Berlin:20260302T093000\n"
        "RRULE:FREQ=WEEKLY;BYDAY=MO"
    )

    assert busy(event) == ["23 08:00-23 08:30", "30 07:00-30 07:30"]


def test_left_out_and_moved_occurrences():
    series = (
        "DTSTART:20260320T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20260327T090000Z\n"
        "EXDATE:20260324T090000Z\nRDATE:20260331T120000Z"
    )
    moved = "RECURRENCE-ID:20260325T090000Z\nDTSTART:20260325T150000Z\nDURATION:PT30M"
    text = calendar(series, moved).replace("UID:1", "UID:0")

    found = busy_times([text], zone="UTC", start=START, end=END)

    assert [f"{datetime.fromtimestamp(one, UTC):%d %H}" for one, _ in found] == [
        "23 09",
        "25 15",
        "26 09",
        "27 09",
        "31 12",
    ]


@pytest.mark.parametrize(
    "line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
def test_what_takes_nobodys_time_is_not_busy(line):
    assert busy(f"DTSTART:20260324T090000Z\nDTEND:20260324T100000Z\n{line}") == []


def test_a_tentative_event_is_busy():
    assert busy("DTSTART:20260324T090000Z\nDTEND:20260324T100000Z\nSTATUS:TENTATIVE") != []


def test_whole_days_are_days_of_the_workspace():
    assert busy("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330") == ["27 23:00-29 22:00"]
    assert busy("DTSTART;VALUE=DATE:20260324", zone="Asia/Kathmandu") == ["23 18:15-24 18:15"]


def test_floating_times_are_times_of_the_workspace():
    assert busy("DTSTART:20260324T090000\nDTEND:20260324T100000") == ["24 08:00-24 09:00"]


def test_a_time_zone_that_the_calendar_brings_along_is_understood():
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Home\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\n"
    )

    assert busy("DTSTART;TZID=Home:20260324T090000\nDURATION:PT1H", around=zone) == [
        "24 06:00-24 07:00"
    ]


def test_events_that_overlap_are_one_and_the_range_cuts_them():
    assert busy(
        "DTSTART:20260301T000000Z\nDTEND:20260323T050000Z",
        "DTSTART:20260323T040000Z\nDTEND:20260323T060000Z",
        "DTSTART:20260401T230000Z\nDTEND:20260501T000000Z",
    ) == ["23 00:00-23 06:00", "01 23:00-02 00:00"]


def test_an_event_without_a_length_takes_no_time():
    assert busy("DTSTART:20260324T090000Z") == []


def test_free_busy_calendars_are_read():
    around = (
        "BEGIN:VFREEBUSY\nUID:f\nDTSTAMP:20260101T000000Z\n"
        "FREEBUSY;FBTYPE=BUSY:20260324T090000Z/20260324T100000Z,20260325T090000Z/PT30M\n"
        "FREEBUSY;FBTYPE=FREE:20260326T090000Z/20260326T100000Z\nEND:VFREEBUSY\n"
    )

    assert busy(around=around) == ["24 09:00-24 10:00", "25 09:00-25 09:30"]


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "no calendar"),
        ("hello", "no calendar"),
        ("<!DOCTYPE html><html>", "web page"),
        (calendar("DTSTART:20260324T090000Z\nDURATION:PT1H")[:-20], "cut off"),
        (calendar("DTSTART:rubbish\nDTEND:20260324T100000Z"), "DTSTART"),
        (calendar("DTSTART:20260324T090000Z\nDURATION:PT1H\nRRULE:FREQ=NEVER"), "RRULE"),
        (calendar("SUMMARY:No start"), "broken"),
    ],
)
def test_rubbish_is_said_to_be_rubbish(text, says):
    with pytest.raises(Unreadable, match=says):
        busy_times([text], zone="UTC", start=START, end=END)


def read(text: str, *, is_multistatus: bool = False):
    return apartment.read(
        text.encode(), is_multistatus=is_multistatus, zone="UTC", start=START, end=END
    )


def test_a_calendar_is_read_in_a_process_of_its_own():
    (found,) = read(calendar("DTSTART:20260324T090000Z\nDTEND:20260324T100000Z"))

    assert found == (datetime(2026, 3, 24, 9, tzinfo=UTC), datetime(2026, 3, 24, 10, tzinfo=UTC))


def test_a_bomb_costs_that_process_its_life_and_us_a_sentence(monkeypatch):
    monkeypatch.setattr(apartment, "_SECONDS", 2)
    bomb = "DTSTART:19700101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"

    with pytest.raises(CalendarFailed, match="takes too long to read"):
        read(calendar(bomb))


def test_calendars_in_the_answer_of_a_caldav_server():
    event = calendar("DTSTART:20260324T090000Z\nDTEND:20260324T100000Z")
    answer = (
        '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
        "<d:response><d:propstat><d:prop><c:calendar-data>"
        f"{event}</c:calendar-data></d:prop></d:propstat></d:response></d:multistatus>"
    )

    assert len(read(answer, is_multistatus=True)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "not xml",
        "<html/>",
        '<!DOCTYPE x [<!ENTITY a "aaaa">]><d:multistatus xmlns:d="DAV:">&a;</d:multistatus>',
    ],
)
def test_what_no_caldav_server_answers(answer):
    with pytest.raises(CalendarFailed, match="no CalDAV calendar"):
        read(answer, is_multistatus=True)
