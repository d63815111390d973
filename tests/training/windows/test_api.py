"""Windows over REST."""

import time

import pytest

from apps.core.tenancy import tenant_tx
from apps.training.models import Presence
from tests.conftest import client_with_key
from tests.refusals import codes_in
from tests.training.windows.factories import make_window, make_window_rules

RULES = {
    "hours": [
        {"weekday": 0, "starts": "22:00", "ends": "06:30"},
        {"weekday": 5, "starts": "00:00", "ends": "24:00"},
    ],
    "idle_minutes": 45,
    "min_minutes": 30,
    "max_minutes": None,
    "quiet_minutes": 2,
    "black_outs": [{"first": "2026-12-24", "last": "2026-12-26", "note": "Holidays"}],
    "unknown_calendar": "free",
}


def at(tenant, path: str = "windows/") -> str:
    return f"/api/v1/t/{tenant.slug}/training/{path}"


def test_a_new_workspace_has_no_windows_and_says_what_to_do(tenant, viewer_client):
    shown = viewer_client.get(at(tenant)).json()

    assert shown["verdict"]["code"] == "no_rules"
    assert "by hand only" in shown["verdict"]["sentence"]
    assert shown["rules"]["min_minutes"] == 20
    assert shown["forecast"] == []


def test_rules_come_back_as_they_went_in(tenant, admin_client):
    answer = admin_client.put(at(tenant), RULES, format="json")

    assert answer.status_code == 200, answer.content
    assert answer.json()["rules"] == RULES
    assert admin_client.get(at(tenant)).json()["rules"] == RULES
    assert answer.json()["forecast"]


@pytest.mark.parametrize(
    "change, field, code",
    [
        ({"hours": [{"weekday": 7, "starts": "22:00", "ends": "06:00"}]}, "hours", ""),
        (
            {"hours": [{"weekday": 0, "starts": "25:00", "ends": "06:00"}]},
            "hours",
            "no_time_of_day",
        ),
        (
            {"hours": [{"weekday": 0, "starts": "22:60", "ends": "06:00"}]},
            "hours",
            "no_time_of_day",
        ),
        ({"hours": [{"weekday": 0, "starts": "24:00", "ends": "06:00"}]}, "hours", "day_begins"),
        ({"hours": [{"weekday": 0, "starts": "22:00", "ends": "22:10"}]}, "hours", "window_short"),
        ({"max_minutes": 10}, "max_minutes", "window_longest"),
        ({"idle_minutes": 0}, "idle_minutes", ""),
        (
            {"black_outs": [{"first": "2026-12-24", "last": "2026-12-23"}]},
            "black_outs",
            "black_out_backwards",
        ),
        ({"black_outs": [{"first": "tomorrow", "last": "2026-12-23"}]}, "black_outs", ""),
        ({"unknown_calendar": "perhaps"}, "unknown_calendar", ""),
    ],
)
def test_rules_that_cannot_be_are_refused_by_name(tenant, admin_client, change, field, code):
    answer = admin_client.put(at(tenant), RULES | change, format="json")

    assert answer.status_code in (400, 422)
    assert codes_in(answer.json()["fields_said"][field]) == [code] * bool(code)
    assert admin_client.get(at(tenant)).json()["verdict"]["code"] == "no_rules"


def test_a_reviewer_reads_and_does_not_write(tenant, reviewer_client):
    assert reviewer_client.get(at(tenant)).status_code == 200
    assert reviewer_client.put(at(tenant), RULES, format="json").status_code == 403


def test_history_is_newest_first(tenant, viewer_client):
    rows = []
    for _ in range(3):
        rows.append(make_window(tenant.id))
        # Ids of one millisecond are in no order.
        time.sleep(0.002)

    found = viewer_client.get(at(tenant, "windows/history/")).json()["results"]

    assert [row["id"] for row in found] == [str(row.id) for row in reversed(rows)]
    assert (found[0]["reason"], found[0]["steps"]) == ("end", 0)


@pytest.mark.parametrize("scope", ["gateway", "read"])
def test_a_ping_takes_any_key_of_the_workspace(tenant, scope):
    make_window_rules(tenant.id)
    client = client_with_key(tenant.id, scope)

    answer = client.post(at(tenant, "presence/"))

    assert answer.status_code == 200
    assert answer.json() == {"every_seconds": 60}
    with tenant_tx(tenant.id):
        assert Presence.objects.for_tenant(tenant.id).count() == 1


def test_a_gateway_key_pings_and_reads_nothing(tenant, gateway_key_client):
    assert gateway_key_client.get(at(tenant)).status_code == 403


def test_a_calendar_is_connected_shown_renamed_and_removed(tenant, admin_client):
    url = "https://calendar.example.com/private-token/basic.ics"
    body = {"name": "Work", "kind": "ics", "url": url}

    made = admin_client.post(at(tenant, "calendars/"), body, format="json")
    path = at(tenant, f"calendars/{made.json()['id']}/")
    renamed = admin_client.patch(path, {"name": "Office"}, format="json")
    listed = admin_client.get(at(tenant, "calendars/"))

    assert made.status_code == 201, made.content
    assert renamed.json()["name"] == "Office"
    assert [row["name"] for row in listed.json()["results"]] == ["Office"]
    assert "private-token" not in listed.content.decode()
    assert admin_client.delete(path).status_code == 204
    assert admin_client.get(path).status_code == 404
