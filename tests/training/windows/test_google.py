"""A Google calendar, from the consent to the window, over HTTP against a stand-in for Google."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.training.models import CalendarConnection
from tests.conftest import client_of, member_of
from tests.integrations.calendar_server import CalendarServer, running


@pytest.fixture
def google(settings):
    with running(CalendarServer()) as found:
        settings.METACLAW_GOOGLE_CLIENT_ID = "our-id"
        settings.METACLAW_GOOGLE_CLIENT_SECRET = "our-secret"
        settings.METACLAW_GOOGLE_CONSENT_URL = f"{found.url}/google/consent"
        settings.METACLAW_GOOGLE_TOKEN_URL = f"{found.url}/google/token"
        settings.METACLAW_GOOGLE_REVOKE_URL = f"{found.url}/google/revoke"
        settings.METACLAW_GOOGLE_CALENDAR_URL = f"{found.url}/google/api"
        yield found


def at(tenant, path: str) -> str:
    return f"/api/v1/t/{tenant.slug}/training/calendars/{path}"


def begun(client, tenant, **body):
    answer = client.post(at(tenant, "google/"), body, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()["url"]


def finished(client, tenant, back):
    return client.post(at(tenant, "google/finish/"), back, format="json")


def test_consent_connects_a_calendar_that_shows_times_alone(tenant, admin_client, google):
    start = now() - timedelta(hours=1)
    google.google_busy = [
        {"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}
    ]
    url = begun(admin_client, tenant)

    connected = finished(admin_client, tenant, google.consent(url)).json()
    checked = admin_client.post(at(tenant, f"{connected['id']}/check/")).json()

    query = parse_qs(urlsplit(url).query)
    assert query["scope"] == ["https://www.googleapis.com/auth/calendar.freebusy"]
    assert query["redirect_uri"][0].endswith("/calendars/google")
    assert query["access_type"] == ["offline"]
    assert (connected["is_connected"], connected["last_error"]) == (True, "")
    assert (checked["busy_count"], checked["last_error"]) == (1, "")
    with tenant_tx(tenant.id):
        row = CalendarConnection.objects.for_tenant(tenant.id).get()
    assert b"refresh-1" not in bytes(row.sealed)


def test_a_consent_serves_once(tenant, admin_client, google):
    back = google.consent(begun(admin_client, tenant))
    finished(admin_client, tenant, back)

    assert finished(admin_client, tenant, back).status_code == 422


def test_a_consent_that_somebody_else_began_is_refused(tenant, admin_client, google):
    back = google.consent(begun(admin_client, tenant))
    colleague = client_of(member_of(tenant, "admin"))

    assert finished(colleague, tenant, back).status_code == 422


def test_a_made_up_state_and_an_old_one_are_refused(tenant, admin_client, google):
    back = google.consent(begun(admin_client, tenant))
    with tenant_tx(tenant.id):
        CalendarConnection.objects.for_tenant(tenant.id).update(pending_until=now())

    assert finished(admin_client, tenant, back).status_code == 422
    made_up = {"state": f"{tenant.slug}.x", "code": back["code"]}
    assert finished(admin_client, tenant, made_up).status_code == 422
    assert not google.refresh_tokens


def test_a_state_of_another_workspace_is_refused(tenant, other_tenant, admin_client, google):
    back = google.consent(begun(admin_client, tenant))
    other = client_of(member_of(other_tenant, "admin"))

    assert finished(other, other_tenant, back).status_code == 422


def test_an_unticked_box_is_noticed(tenant, admin_client, google):
    google.scope = "openid"

    answer = finished(admin_client, tenant, google.consent(begun(admin_client, tenant)))

    assert answer.status_code == 502
    assert "leave its box ticked" in answer.json()["detail"]


def test_a_permission_that_was_taken_back_is_a_state_and_can_be_given_again(
    tenant, admin_client, google
):
    row = finished(admin_client, tenant, google.consent(begun(admin_client, tenant))).json()
    google.refresh_tokens.clear()
    broken = admin_client.post(at(tenant, f"{row['id']}/check/")).json()

    back = google.consent(begun(admin_client, tenant, calendar_id=row["id"]))
    mended = finished(admin_client, tenant, back).json()

    assert broken["needs_person"]
    assert "Connect it again" in broken["last_error"]
    assert (mended["id"], mended["last_error"]) == (row["id"], "")


@pytest.mark.parametrize(
    "errors, busy, says",
    [
        ([{"reason": "notFound"}], [], "does not show this calendar"),
        ([], [{"start": "soon", "end": "later"}], "cannot read"),
        ([], [{"start": "2026-01-01T00:00:00", "end": "2026-01-01T01:00:00"}], "cannot read"),
        ([], [{}], "cannot read"),
    ],
)
def test_rubbish_from_google_is_a_sentence(tenant, admin_client, google, errors, busy, says):
    row = finished(admin_client, tenant, google.consent(begun(admin_client, tenant))).json()
    google.google_errors, google.google_busy = errors, busy

    checked = admin_client.post(at(tenant, f"{row['id']}/check/")).json()

    assert says in checked["last_error"]


def test_a_wrong_secret_is_the_operators_business(tenant, admin_client, google, settings):
    back = google.consent(begun(admin_client, tenant))
    settings.METACLAW_GOOGLE_CLIENT_SECRET = "wrong"

    answer = finished(admin_client, tenant, back)

    assert "METACLAW_GOOGLE_CLIENT_SECRET" in answer.json()["detail"]


def test_removing_the_calendar_gives_the_permission_back(tenant, admin_client, google):
    row = finished(admin_client, tenant, google.consent(begun(admin_client, tenant))).json()

    answer = admin_client.delete(at(tenant, f"{row['id']}/"))

    assert answer.status_code == 204
    assert not google.refresh_tokens


def test_without_google_there_are_other_calendars(tenant, admin_client):
    answer = admin_client.post(at(tenant, "google/"), {}, format="json")

    assert answer.status_code == 503
    assert "ICS" in answer.json()["detail"]
