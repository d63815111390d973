"""A workspace that asks its members for more than a password."""

import pytest
from allauth.mfa.models import Authenticator

from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent, Tenant
from apps.tenants.services import member_add
from tests.conftest import client_of, member_of

pytestmark = pytest.mark.django_db


def url(tenant, rest="settings/"):
    return f"/api/v1/t/{tenant.slug}/{rest}"


def give(user, kind="totp"):
    Authenticator.objects.create(user=user, type=kind, data={})


@pytest.fixture
def strict(tenant):
    Tenant.objects.filter(id=tenant.id).update(needs_second_factor=True)
    return tenant


def shut(client, tenant):
    session = client.get("/api/v1/session/").json()
    assert tenant.slug in [one["slug"] for one in session["tenants"]]
    return tenant.slug in session["shut"]


@pytest.mark.parametrize("role", ["viewer", "owner"])
@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_it_is_shut_for_members_until_they_have_one(strict, role, kind):
    member = member_of(strict, role)
    client = client_of(member)

    refused = client.get(url(strict))

    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    assert "account page" in refused.json()["detail"]
    assert shut(client, strict)
    # Where they set it up is no workspace's.
    assert client.get("/api/v1/account/").status_code == 200
    give(member, kind)
    assert client.get(url(strict)).status_code == 200
    assert not shut(client, strict)


def test_recovery_codes_alone_are_none(strict):
    member = member_of(strict, "viewer")
    give(member, "recovery_codes")

    assert client_of(member).get(url(strict)).status_code == 403


def test_strangers_learn_nothing_of_it_and_keys_go_on(strict, stranger_client, admin_key_client):
    assert stranger_client.get(url(strict)).status_code == 404
    assert admin_key_client.get(url(strict)).json()["needs_second_factor"] is True


def test_other_workspaces_stay_open(strict, other_tenant):
    member = member_of(strict, "viewer")
    member_add(tenant_id=other_tenant.id, user_id=member.id, role="viewer")

    assert client_of(member).get(url(other_tenant)).status_code == 200
    assert not shut(client_of(member), other_tenant)


def test_an_admin_turns_it_on_once_they_have_one(tenant):
    admin = member_of(tenant, "admin")
    client = client_of(admin)

    first = client.patch(url(tenant), {"needs_second_factor": True}, format="json")
    give(admin)
    then = client.patch(url(tenant), {"needs_second_factor": True}, format="json")

    assert (first.status_code, first.json()["code"]) == (422, "second_factor_first")
    assert "needs_second_factor" in first.json()["fields"]
    assert (then.status_code, then.json()["needs_second_factor"]) == (200, True)
    with tenant_tx(tenant.id):
        event = AuditEvent.objects.for_tenant(tenant.id).get(action="settings.changed")
    assert event.detail == "needs_second_factor: True"


def test_turning_it_off_takes_none(tenant):
    Tenant.objects.filter(id=tenant.id).update(needs_second_factor=True)
    admin = member_of(tenant, "admin")
    give(admin)

    off = client_of(admin).patch(url(tenant), {"needs_second_factor": False}, format="json")

    assert off.json()["needs_second_factor"] is False
