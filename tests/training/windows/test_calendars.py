"""Calendars from their address to the window that they close."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.integrations.calendar.client import CalendarFailed
from apps.jobs.models import Job
from apps.tenants.types import SYSTEM
from apps.training.calendars import calendar_opened
from apps.training.errors import CalendarInvalid, CalendarNameTaken
from apps.training.models import CalendarConnection
from apps.training.selectors.windows import verdict
from apps.training.services import calendars as services
from apps.training.services import windows
from tests.factories import make_run
from tests.integrations.calendar_server import CalendarServer, running
from tests.training.windows.factories import make_calendar, make_window_rules

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = True
    with running(CalendarServer()) as found:
        yield found


def stamp(at) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def event_now(hours: int = 2) -> bytes:
    at = now()
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTAMP:{stamp(at)}\r\nDTSTART:{stamp(at - 60 * MINUTE)}\r\nSUMMARY:Very secret\r\n"
        f"DTEND:{stamp(at + hours * 60 * MINUTE)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def connected(tenant, server, **fields) -> CalendarConnection:
    values = {"name": "Work", "kind": "ics", "url": f"{server.url}/secret-token/a.ics", **fields}
    return services.calendar_create(tenant_id=tenant.id, actor=SYSTEM, **values)


def fetch(row) -> CalendarConnection:
    run = make_run(row.tenant_id, services.FETCH_KIND, calendar_id=str(row.id))
    services.calendar_fetch(run=run, opened=calendar_opened)
    return again(row)


def again(row) -> CalendarConnection:
    with tenant_tx(row.tenant_id):
        return CalendarConnection.objects.for_tenant(row.tenant_id).get(id=row.id)


def test_a_busy_calendar_closes_the_window_and_keeps_no_titles(tenant, server):
    make_window_rules(tenant.id)
    server.body = event_now()
    row = connected(tenant, server)
    unknown = verdict(tenant_id=tenant.id, at=now())

    row = fetch(row)

    assert unknown.code == "unknown"
    assert verdict(tenant_id=tenant.id, at=now()).code == "busy"
    assert (row.last_error, len(row.busy)) == ("", 1)
    with tenant_tx(tenant.id):
        stored = CalendarConnection.objects.for_tenant(tenant.id).values().get()
    assert "secret" not in str({k: v for k, v in stored.items() if k != "sealed"}).lower()
    assert b"secret" not in bytes(stored["sealed"])


def test_an_open_window_closes_when_a_fetch_finds_an_event(tenant, server):
    make_window_rules(tenant.id)
    server.body = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:t\r\nEND:VCALENDAR\r\n"
    row = fetch(connected(tenant, server))
    windows.windows_sweep()
    opened = verdict(tenant_id=tenant.id, at=now())
    server.body = event_now()

    fetch(row)

    assert opened.is_open
    assert verdict(tenant_id=tenant.id, at=now()).code == "busy"


@pytest.mark.parametrize(
    "status, body, headers, says, code, needs_person",
    [
        (200, b"<!DOCTYPE html><title>Sign in</title>", {}, "web page", "calendar_web_page", False),
        (200, b"\x00\xff rubbish", {}, "no calendar", "calendar_none", False),
        (
            302,
            b"",
            {"location": "https://elsewhere.example.com/?token=s3cret"},
            "elsewhere",
            "calendar_moved",
            True,
        ),
        (302, b"", {}, "moved", "calendar_moved_somewhere", True),
        (401, b"", {}, "refuses us", "calendar_refuses", True),
        (404, b"", {}, "no calendar at this address", "calendar_gone", True),
        (503, b"", {}, "answered 503", "calendar_status", False),
        (200, b"", {"content-encoding": "gzip"}, "compressed", "calendar_compressed", True),
    ],
)
def test_rubbish_is_a_state_and_what_was_known_stays(
    tenant, server, status, body, headers, says, code, needs_person
):
    server.body = event_now()
    row = fetch(connected(tenant, server))
    server.status, server.body, server.headers = status, body, headers

    broken = fetch(row)

    assert says in broken.last_error
    assert [sentence["code"] for sentence in broken.last_error.sentences] == [code]
    assert "s3cret" not in broken.last_error
    assert broken.needs_person == needs_person
    assert (broken.busy, broken.fetched_at) == (row.busy, row.fetched_at)


def test_a_calendar_that_is_too_large_is_not_read_to_its_end(tenant, server, monkeypatch):
    monkeypatch.setattr("apps.integrations.calendar.client.MAX_BYTES", 10_000)
    server.body = event_now() + b"\n" * 1_000_000

    assert "larger than" in fetch(connected(tenant, server)).last_error


def test_a_caldav_calendar_is_asked_for_a_range_with_its_password(tenant, server):
    text = event_now().decode()
    server.body = (
        '<multistatus xmlns="DAV:"><response><propstat><prop>'
        '<c:calendar-data xmlns:c="urn:ietf:params:xml:ns:caldav">'
        f"{text}</c:calendar-data></prop></propstat></response></multistatus>"
    ).encode()
    row = connected(tenant, server, kind="caldav", user="ada", password="app-word")

    row = fetch(row)

    (asked,) = server.asked
    assert len(row.busy) == 1
    assert (asked.method, asked.headers["depth"]) == ("REPORT", "1")
    assert asked.headers["authorization"].startswith("Basic ")
    assert b"time-range" in asked.body


def test_a_password_is_not_sent_to_a_new_server(tenant, server):
    row = connected(tenant, server, kind="caldav", user="ada", password="app-word")

    with pytest.raises(CalendarInvalid):
        services.calendar_update(
            tenant_id=tenant.id,
            actor=SYSTEM,
            calendar_id=row.id,
            url="http://127.0.0.1:9/elsewhere/",
        )


def test_addresses_that_must_not_be_called_are_refused(tenant, settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = False
    for url in ("http://calendar.example.com/a.ics", "https://127.0.0.1/a.ics", "file:///etc"):
        with pytest.raises(CalendarInvalid):
            services.calendar_create(
                tenant_id=tenant.id, actor=SYSTEM, name="No", kind="ics", url=url
            )


def test_webcal_is_another_word_for_https(tenant, settings):
    row = services.calendar_create(
        tenant_id=tenant.id,
        actor=SYSTEM,
        name="Apple",
        kind="ics",
        url="webcal://p1.example.com/a",
    )

    assert row.origin == "https://p1.example.com:443"


def test_two_calendars_have_two_names(tenant, server):
    connected(tenant, server)

    with pytest.raises(CalendarNameTaken):
        connected(tenant, server)


def test_due_calendars_are_asked_for_once(tenant):
    at = now()
    make_calendar(tenant.id, name="due", next_fetch_at=at - MINUTE)
    make_calendar(tenant.id, name="later", next_fetch_at=at + MINUTE)

    for _ in range(3):
        services.calendars_sweep(at=at)

    with tenant_tx(tenant.id):
        assert Job.objects.for_tenant(tenant.id).filter(kind=services.FETCH_KIND).count() == 1
        due = CalendarConnection.objects.for_tenant(tenant.id).get(name="due")
    assert due.next_fetch_at > at


def test_a_calendar_that_went_meanwhile_is_no_failure(tenant, server):
    row = connected(tenant, server)
    services.calendar_delete(tenant_id=tenant.id, actor=SYSTEM, calendar_id=row.id)
    run = make_run(tenant.id, services.FETCH_KIND, calendar_id=str(row.id))

    services.calendar_fetch(run=run, opened=calendar_opened)

    assert server.asked == []


def test_a_calendar_that_is_removed_is_in_the_way_no_more(tenant):
    make_window_rules(tenant.id)
    row = make_calendar(tenant.id, fetched_at=None)
    before = verdict(tenant_id=tenant.id, at=now())

    services.calendar_delete(tenant_id=tenant.id, actor=SYSTEM, calendar_id=row.id)

    assert before.code == "unknown"
    assert verdict(tenant_id=tenant.id, at=now()).is_open


def test_a_failure_of_the_client_is_never_an_exception_of_the_job(tenant):
    def broken(_):
        raise CalendarFailed("It is on fire.", permanent=False)

    row = make_calendar(tenant.id)
    run = make_run(tenant.id, services.FETCH_KIND, calendar_id=str(row.id))

    services.calendar_fetch(run=run, opened=broken)

    assert again(row).last_error == "It is on fire."
