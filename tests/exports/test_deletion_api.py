"""Asking for the end of a workspace over REST: an owner, the name, and a way back."""

import json

import pytest

from apps.exports.models import DeletionCertificate
from apps.tenants.models import Tenant
from tests.conftest import client_of, client_with_key, member_of
from tests.exports.deleting import let_time_pass, work


@pytest.fixture
def url(tenant) -> str:
    return f"/api/v1/t/{tenant.slug}/deletion/"


@pytest.mark.parametrize("role", ["admin", "reviewer", "member", "viewer"])
def test_nobody_but_an_owner_may_ask_or_undo(tenant, url, role):
    client = client_of(member_of(tenant, role))

    assert client.post(url, {"name": tenant.name}, format="json").status_code == 403
    assert client.delete(url).status_code == 403
    assert Tenant.objects.get(id=tenant.id).delete_after is None


def test_no_key_may_ask(tenant, url):
    client = client_with_key(tenant.id, "admin", "review", "read")

    assert client.post(url, {"name": tenant.name}, format="json").status_code == 403


@pytest.mark.parametrize("typed", ["", "Team", "team-0", "TEAM"])
def test_the_name_has_to_be_typed_as_it_is(tenant, url, owner_client, typed):
    answer = owner_client.post(url, {"name": typed}, format="json")

    assert answer.status_code in (400, 422)
    assert "name" in answer.json()["fields"]
    assert Tenant.objects.get(id=tenant.id).delete_after is None


def test_it_can_be_undone_while_its_time_has_not_come(tenant, url, owner_client, viewer_client):
    asked = owner_client.post(url, {"name": f" {tenant.name} "}, format="json")
    seen = viewer_client.get(url).json()
    undone = owner_client.delete(url)

    assert asked.status_code == 202
    assert asked.json()["delete_after"] is not None
    assert seen["delete_after"] == asked.json()["delete_after"]
    # Where the certificate will be is for who asked.
    assert asked.json()["certificate_id"]
    assert seen["certificate_id"] is None
    assert undone.json()["delete_after"] is None
    assert owner_client.delete(url).status_code == 200


def test_asking_again_does_not_move_the_time(tenant, url, owner_client):
    first = owner_client.post(url, {"name": tenant.name}, format="json").json()

    assert owner_client.post(url, {"name": tenant.name}, format="json").json() == first


def test_a_key_is_refused_from_that_moment_on(tenant, url, owner_client):
    client = client_with_key(tenant.id, "read")
    turns = f"/api/v1/t/{tenant.slug}/turns/"
    before = client.get(turns).status_code
    owner_client.post(url, {"name": tenant.name}, format="json")

    assert (before, client.get(turns).status_code) == (200, 401)
    # People can still look, and take an export with them.
    assert owner_client.get(turns).status_code == 200


def test_who_asked_reads_the_certificate_and_nobody_else(tenant, url, owner_client, admin_client):
    asked = owner_client.post(url, {"name": tenant.name}, format="json").json()
    let_time_pass(tenant)
    while work(tenant.id):
        pass
    place = f"/api/v1/deletion-certificates/{asked['certificate_id']}/"

    answer = owner_client.get(place)

    assert answer.status_code == 200
    assert json.loads(answer.json()["document"])["workspace"] == tenant.slug
    assert admin_client.get(place).status_code == 404
    assert DeletionCertificate.objects.count() == 1
    assert owner_client.get(url).status_code == 404
    session = owner_client.get("/api/v1/session/").json()
    assert session["tenants"] == []
