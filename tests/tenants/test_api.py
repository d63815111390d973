from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.tenants.models import Tenant
from tests.conftest import client_with_key

URL = "/api/v1/t/{slug}/keys/"
BODY = {"name": "ci", "scopes": ["gateway"]}


def keys_of(tenant):
    return URL.format(slug=tenant.slug)


def settings_of(tenant):
    return f"/api/v1/t/{tenant.slug}/settings/"


@pytest.mark.parametrize(
    "client, get_status, post_status",
    [
        ("admin_client", 200, 201),
        ("admin_key_client", 200, 201),
        ("reviewer_client", 200, 403),
        ("viewer_client", 200, 403),
        ("gateway_key_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_see_and_make_keys(request, tenant, client, get_status, post_status):
    client = request.getfixturevalue(client)

    assert client.get(keys_of(tenant)).status_code == get_status
    assert client.post(keys_of(tenant), BODY, format="json").status_code == post_status


def test_a_secret_is_told_once(tenant, admin_client):
    made = admin_client.post(keys_of(tenant), BODY, format="json").json()
    secret = made["secret"]

    listed = admin_client.get(keys_of(tenant))
    revoked = admin_client.post(f"{keys_of(tenant)}{made['id']}/revoke/")

    assert secret.startswith("mck_live_")
    assert secret.endswith(made["last4"])
    for answer in (listed, revoked):
        assert secret not in answer.content.decode()
        assert "digest" not in answer.content.decode()
    assert revoked.json()["revoked_at"]


def test_a_revoked_key_is_turned_away_at_once(tenant, admin_client):
    made = admin_client.post(keys_of(tenant), BODY | {"scopes": ["read"]}, format="json").json()
    caller = APIClient(headers={"authorization": f"Bearer {made['secret']}"})
    before = caller.get(keys_of(tenant)).status_code

    admin_client.post(f"{keys_of(tenant)}{made['id']}/revoke/")
    after = caller.get(keys_of(tenant))

    assert (before, after.status_code) == (200, 401)
    assert after.json()["code"] == "invalid_api_key"
    assert after.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    [
        {"authorization": "Bearer mck_live_0000000000_" + "0" * 49},
        {"authorization": "Bearer ' OR 1=1 --"},
        {"authorization": "bearer nonsense"},
        {"x-api-key": "mck_live_"},
        {"authorization": "Bearer " + "x" * 20_000},
    ],
)
def test_a_wrong_key_is_refused_and_never_taken_for_a_visitor(tenant, header):
    answer = APIClient(headers=header).get(keys_of(tenant))

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_api_key")


def test_keys_are_taken_from_either_header(tenant):
    text = client_with_key(tenant.id, "read").defaults
    bearer = next(value for value in text.values() if "mck_live_" in str(value))

    answer = APIClient(headers={"x-api-key": bearer.removeprefix("Bearer ")}).get(keys_of(tenant))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "change, field",
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "nul\0byte"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["owner"]}, "scopes"),
        ({"scopes": "read"}, "scopes"),
        ({"expires_at": "soon"}, "expires_at"),
        ({"expires_at": (now() - timedelta(days=1)).isoformat()}, "expires_at"),
    ],
)
def test_a_bad_field_is_named(tenant, admin_client, change, field):
    answer = admin_client.post(keys_of(tenant), BODY | change, format="json")

    assert answer.status_code in (400, 422)
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", '{"name": "\\ud800"}'])
def test_a_body_that_is_not_what_was_asked_for_is_a_400(tenant, admin_client, body):
    answer = admin_client.post(keys_of(tenant), body, content_type="application/json")

    assert answer.status_code == 400
    assert set(answer.json()) >= {"code", "detail"}


@pytest.mark.parametrize(
    "client, status", [("admin_client", 200), ("reviewer_client", 403), ("viewer_client", 403)]
)
def test_settings_are_changed_by_admins_and_reach_the_gateways(request, tenant, client, status):
    client = request.getfixturevalue(client)
    before = Tenant.objects.get(id=tenant.id).config_version

    answer = client.patch(settings_of(tenant), {"max_skills": 5}, format="json")

    assert answer.status_code == status
    now_stored = Tenant.objects.get(id=tenant.id)
    changed = status == 200
    assert (now_stored.max_skills == 5) == changed
    assert (now_stored.config_version > before) == changed


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "train"},
        {"idle_minutes": 0},
        {"max_skills": 11},
        {"max_skills": -1},
        {"skill_token_budget": 10**9},
        {"name": " "},
    ],
)
def test_settings_outside_their_limits_are_refused(tenant, admin_client, change):
    answer = admin_client.patch(settings_of(tenant), change, format="json")

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == list(change)


def test_the_address_of_a_workspace_is_not_a_setting(tenant, admin_client):
    answer = admin_client.patch(
        settings_of(tenant), {"slug": "taken-over", "config_version": 1}, format="json"
    )

    assert answer.json()["slug"] == tenant.slug
    assert Tenant.objects.get(id=tenant.id).slug == tenant.slug
