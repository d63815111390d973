"""Windows as rows: opened once, closed by people, opened again."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.tenants.models import Tenant
from apps.tenants.types import SYSTEM
from apps.training.errors import WindowRulesInvalid
from apps.training.models import CalendarConnection, Window
from apps.training.selectors.windows import forecast, verdict, window_list
from apps.training.services import windows as services
from tests.factories import TenantFactory, make_turn
from tests.training.factories import make_policy, make_step, make_training_job
from tests.training.windows.factories import (
    NIGHTS,
    make_calendar,
    make_presence,
    make_window_rules,
)
from tests.training.windows.test_clock_changes import WEEK, ZONES
from tests.training.windows.walking import DAY, MINUTE, walked

# Noon: what these tests tell lies within a day, whenever they run.
AT = now().replace(hour=12, minute=0, second=0, microsecond=0)


def windows(tenant) -> list[Window]:
    with tenant_tx(tenant.id):
        return list(Window.objects.for_tenant(tenant.id).order_by("id"))


def tend(tenant, at=AT) -> None:
    services.window_tend(tenant_id=tenant.id, at=at)


def asked(tenant, at, **fields) -> None:
    make_turn(tenant.id, started_at=at, finished_at=at, **fields)


def test_a_due_window_opens_and_closes_once_however_often_it_is_looked_at(tenant):
    make_window_rules(tenant.id, hours=[_hours_around(AT)])

    for minutes in (-90, 0, 0, 1, 59, 61, 61, 90):
        tend(tenant, AT + minutes * MINUTE)

    (window,) = windows(tenant)
    assert window.opened_at == AT
    assert window.closed_at is not None
    assert (window.reason, window.interruptions) == ("end", 0)


def _hours_around(at) -> dict:
    """From about an hour before to about an hour after."""
    first, last = at - 60 * MINUTE, at + 60 * MINUTE
    return {"weekday": first.weekday(), "starts": f"{first:%H:%M}", "ends": f"{last:%H:%M}"}


def test_a_request_closes_the_window_and_silence_opens_it_again(tenant):
    make_window_rules(tenant.id, quiet_minutes=5)
    tend(tenant)
    asked(tenant, AT + MINUTE)

    seen = verdict(tenant_id=tenant.id, at=AT + 2 * MINUTE)
    tend(tenant, AT + 2 * MINUTE)
    (closed,) = windows(tenant)
    tend(tenant, AT + 6 * MINUTE)

    # Before any sweep: the next step asks the traffic itself.
    assert (seen.is_open, seen.code) == (False, "traffic")
    assert (closed.reason, closed.closed_at) == ("traffic", AT + 2 * MINUTE)
    (window,) = windows(tenant)
    assert (window.closed_at, window.interruptions) == (None, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "side"},
        {"tags": {"rollout": "one"}, "key_id": None},
        {"tags": {"resample": "one"}, "key_id": None},
    ],
)
def test_side_turns_and_what_training_plays_are_no_traffic(tenant, fields):
    make_window_rules(tenant.id)
    tend(tenant)
    asked(tenant, AT, **fields)

    assert verdict(tenant_id=tenant.id, at=AT).is_open


def test_a_caller_cannot_pass_for_a_rollout(tenant):
    make_window_rules(tenant.id)
    asked(tenant, AT, tags={"rollout": "one"}, key_id=uuid7())

    assert verdict(tenant_id=tenant.id, at=AT).code == "traffic"


def test_traffic_of_another_workspace_is_none_here(tenant, other_tenant):
    make_window_rules(tenant.id)
    tend(tenant)
    asked(other_tenant, AT)

    assert verdict(tenant_id=tenant.id, at=AT).is_open


def test_a_keyboard_closes_the_window_at_once(tenant):
    make_window_rules(tenant.id)
    tend(tenant)

    services.presence_ping(tenant_id=tenant.id, at=AT + MINUTE)

    (window,) = windows(tenant)
    assert (window.reason, window.closed_at) == ("presence", AT + MINUTE)
    tend(tenant, AT + 3 * MINUTE)
    assert windows(tenant)[0].closed_at is None


def test_pings_are_written_now_and_then(tenant, django_assert_num_queries):
    make_presence(tenant.id, pinged_at=AT)
    for seconds in (1, 5, 9):
        services.presence_ping(tenant_id=tenant.id, at=AT + timedelta(seconds=seconds))
    make_window_rules(tenant.id)

    assert verdict(tenant_id=tenant.id, at=AT + 2 * MINUTE).code == "due"


def test_what_is_left_after_a_veto_may_be_too_little_to_begin_again(tenant):
    make_window_rules(tenant.id, hours=[_hours_around(AT)], min_minutes=30)
    tend(tenant)
    asked(tenant, AT + 40 * MINUTE)
    tend(tenant, AT + 40 * MINUTE)

    tend(tenant, AT + 45 * MINUTE)

    (window,) = windows(tenant)
    assert (window.reason, window.interruptions) == ("traffic", 0)


def test_a_window_that_nobody_closed_for_hours_ended_when_it_ended(tenant):
    make_window_rules(tenant.id, hours=[_hours_around(AT)])
    tend(tenant)

    tend(tenant, AT + 300 * MINUTE)

    (window,) = windows(tenant)
    assert window.closed_at == window.closes_at


def test_an_open_window_needs_a_look_of_the_scheduler(tenant):
    make_window_rules(tenant.id)

    before = verdict(tenant_id=tenant.id, at=AT)
    services.windows_sweep()
    after = verdict(tenant_id=tenant.id, at=now())

    assert (before.is_open, before.code) == (False, "due")
    assert (after.is_open, after.window_id) == (True, windows(tenant)[0].id)
    assert after.sentence.startswith("A window is open until")


def test_rules_that_change_close_what_fits_no_more(tenant):
    make_window_rules(tenant.id)
    services.windows_sweep()

    services.window_rules_set(tenant_id=tenant.id, actor=SYSTEM, hours=[])

    (window,) = windows(tenant)
    assert window.reason == "rules"
    assert verdict(tenant_id=tenant.id, at=now()).code == "no_rules"


def test_hours_below_the_minimum_are_refused_with_a_reason(tenant):
    hours = [{"weekday": 0, "starts": "01:00", "ends": "01:10"}]

    with pytest.raises(WindowRulesInvalid) as refused:
        services.window_rules_set(tenant_id=tenant.id, actor=SYSTEM, hours=hours)

    assert "it would never open" in refused.value.fields["hours"][0]


def test_idle_windows_open_after_silence_and_have_one_row_each(tenant):
    make_window_rules(tenant.id, hours=[], idle_minutes=10)
    asked(tenant, AT)

    for minutes in (9, 10, 11, 40):
        tend(tenant, AT + minutes * MINUTE)
    asked(tenant, AT + 41 * MINUTE)
    for minutes in (42, 50, 51, 52):
        tend(tenant, AT + minutes * MINUTE)

    first, second = windows(tenant)
    assert (first.opened_at, first.reason) == (AT + 10 * MINUTE, "traffic")
    assert (second.opened_at, second.closed_at) == (AT + 51 * MINUTE, None)


@pytest.mark.parametrize(
    "calendar, unknown, expected",
    [
        ({"busy": [[-3600, 3600]]}, "busy", "busy"),
        ({"busy": [[3600, 7200]]}, "busy", "due"),
        ({"fetched_at": AT - 25 * 60 * MINUTE}, "busy", "unknown"),
        ({"fetched_at": AT - 25 * 60 * MINUTE}, "free", "due"),
        ({"fetched_at": AT - 23 * 60 * MINUTE, "last_error": "It is down."}, "busy", "due"),
        ({"fetched_at": None}, "busy", "unknown"),
        ({"fetched_at": None}, "free", "due"),
    ],
)
def test_a_calendar_says_busy_or_is_not_known(tenant, calendar, unknown, expected):
    make_window_rules(tenant.id, unknown_calendar=unknown)
    at = AT.timestamp()
    calendar["busy"] = [[at + one, at + other] for one, other in calendar.get("busy", [])]
    made = make_calendar(tenant.id, **calendar)
    with tenant_tx(tenant.id):  # before noon, whatever the time is
        rows = CalendarConnection.objects.for_tenant(tenant.id).filter(id=made.id)
        rows.update(created_at=AT - MINUTE)

    found = verdict(tenant_id=tenant.id, at=AT)

    assert found.code == expected


def test_the_forecast_shows_windows_and_what_is_in_their_way(tenant):
    Tenant.objects.filter(id=tenant.id).update(time_zone="Asia/Kathmandu")
    make_window_rules(tenant.id, hours=NIGHTS)
    start = (AT + DAY).timestamp()
    make_calendar(tenant.id, busy=[[start, start + 60]])

    found = forecast(tenant_id=tenant.id, at=AT)

    assert found.time_zone == "Asia/Kathmandu"
    assert len(found.slots) >= 7
    zone = ZoneInfo("Asia/Kathmandu")
    assert {f"{slot.opens_at.astimezone(zone):%H:%M}" for slot in found.slots[1:]} <= {"23:00"} | {
        f"{slot.opens_at.astimezone(zone):%H:%M}" for slot in found.slots if "+" in slot.key
    }
    assert [(span.cause, span.label) for span in found.blocked] == [("busy", "Work")]


@pytest.mark.parametrize(
    "fields, is_told",
    [
        ({"status": "paused", "reason": "traffic"}, True),
        ({"status": "waiting_window", "reason": "due"}, True),
        ({"status": "paused", "reason": "traffic", "wants_pause": True}, False),
        ({"status": "paused", "reason": "budget"}, False),
        ({"status": "running"}, False),
    ],
)
def test_a_job_that_a_request_stopped_unseen_is_told_that_the_window_is_open(
    tenant, monkeypatch, fields, is_told
):
    """A beat that was away while somebody asked something finds nothing closed."""
    make_window_rules(tenant.id)
    tend(tenant)
    make_training_job(make_policy(tenant.id), **fields)
    told = []
    monkeypatch.setattr(services.beginning, "window_opened", lambda **ids: told.append(ids))

    tend(tenant, AT + 10 * MINUTE)

    (window,) = windows(tenant)
    assert told == [{"tenant_id": tenant.id, "window_id": window.id}] * is_told


def test_history_says_how_many_steps_a_window_was_good_for(tenant):
    make_window_rules(tenant.id)
    tend(tenant)
    job = make_training_job(make_policy(tenant.id))
    for number, minutes in enumerate((-1, 1, 2), start=1):
        make_step(
            job,
            number=number,
            status="confirmed",
            state_path=f"tinker://run/weights/{number}",
            confirmed_at=AT + minutes * MINUTE,
        )
    services.presence_ping(tenant_id=tenant.id, at=AT + 10 * MINUTE)

    with tenant_tx(tenant.id):
        (window,) = window_list(tenant_id=tenant.id)

    assert window.steps == 2


def test_one_workspace_that_fails_stops_no_other(tenant, other_tenant, caplog):
    make_window_rules(tenant.id, hours=[{"weekday": 0, "starts": "rubbish", "ends": "07:00"}])
    make_window_rules(other_tenant.id)

    services.windows_sweep()

    assert len(windows(other_tenant)) == 1
    assert "training.windows.failed" in caplog.text


def test_three_schedulers_at_once_open_one_window(committed_db):
    tenant = TenantFactory()
    make_window_rules(tenant.id)
    start = Barrier(3)

    def sweep(_: int) -> None:
        start.wait()
        try:
            for seconds in range(10):
                services.window_tend(tenant_id=tenant.id, at=AT + timedelta(seconds=seconds))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(sweep, range(3)))

    (window,) = windows(tenant)
    assert (window.closed_at, window.interruptions) == (None, 0)


@pytest.mark.parametrize("zone", ZONES)
def test_rows_are_those_of_a_walk_where_clocks_change(tenant, zone):
    """Three beats, each half a minute late at most, over the days around every change."""
    Tenant.objects.filter(id=tenant.id).update(time_zone=zone)
    hours = [
        {"weekday": one.weekday, "starts": _clock(one.starts), "ends": _clock(one.ends)}
        for one in WEEK
    ]
    make_window_rules(tenant.id, hours=hours, min_minutes=1, changed_at=ZONES[zone])
    chance = random.Random(zone)
    expected = [
        found
        for start in _changes(zone)
        for found in walked(ZoneInfo(zone), WEEK, start - DAY, start + 2 * DAY)
    ]

    looks = sorted(
        moment + timedelta(seconds=chance.uniform(0, 30))
        for _, opens, closes in expected
        for moment in (opens, closes)
        for _ in range(3)
    )
    for at in looks:
        tend(tenant, at)

    rows = {row.slot_key: row for row in windows(tenant)}
    assert {key for key, _, _ in expected} <= set(rows)
    for key, opens, closes in expected:
        assert (rows[key].opens_at, rows[key].closes_at) == (opens, closes)
        assert opens <= rows[key].opened_at < opens + MINUTE


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _changes(zone: str) -> list:
    """The first days on which the clocks of a zone change; any day where they never do."""
    clock, day = ZoneInfo(zone), ZONES[zone]
    found = []
    while day < ZONES[zone] + 400 * DAY:
        if day.astimezone(clock).utcoffset() != (day + DAY).astimezone(clock).utcoffset():
            found.append(day)
        day += DAY
    return found[:2] or [ZONES[zone]]
