"""Workspaces that people make: who may, and what is in one from the beginning."""

import pytest
from rest_framework.test import APIClient

from apps.core.tenancy import tenant_tx
from apps.evolution.services.workspaces import slug_of
from apps.skills.models import Skill
from apps.tenants import selectors
from apps.tenants.models import AuditEvent, Tenant
from apps.upstreams.selectors import serving_find
from tests.conftest import client_of, client_with_key, member_of
from tests.factories import TenantFactory, UserFactory

URL = "/api/v1/workspaces/"
NEW = {"name": "Blue Team", "time_zone": "Europe/Berlin"}


@pytest.fixture
def owner(tenant):
    return member_of(tenant, "owner")


def post(client, **change):
    return client.post(URL, NEW | change, format="json")


def refusal_of(client):
    return client.get("/api/v1/session/").json()["creation_refusal"]


def test_the_maker_owns_it_and_has_a_key_that_is_told_once(owner, settings):
    settings.METACLAW_PRACTICE_URL = "http://127.0.0.1:9"
    client = client_of(owner)

    answer = post(client)

    made = answer.json()
    assert (answer.status_code, made["slug"], made["name"]) == (201, "blue-team", "Blue Team")
    session = client.get("/api/v1/session/").json()
    assert {(one["slug"], one["role"]) for one in session["tenants"]} >= {("blue-team", "owner")}
    tenant = Tenant.objects.get(slug="blue-team")
    assert tenant.time_zone == "Europe/Berlin"
    (key,) = client.get("/api/v1/t/blue-team/keys/").json()["results"]
    assert key["scopes"] == ["gateway"]
    assert made["secret"].endswith(key["last4"])
    assert made["secret"] not in client.get("/api/v1/t/blue-team/keys/").content.decode()
    with tenant_tx(tenant.id):
        assert serving_find(tenant_id=tenant.id).is_simulated
        assert Skill.objects.for_tenant(tenant.id).filter(status="live").count() > 10
        first = AuditEvent.objects.for_tenant(tenant.id).order_by("sequence").first()
    assert (first.action, first.actor_label) == ("workspace.created", owner.name)


def test_the_installations_own_provider_is_not_handed_on(owner, settings):
    settings.METACLAW_PRACTICE_URL = "http://127.0.0.1:9"
    settings.METACLAW_UPSTREAM_URL = "https://api.example.com/v1"
    settings.METACLAW_UPSTREAM_KEY = "sk-of-the-operator"

    post(client_of(owner))

    tenant = Tenant.objects.get(slug="blue-team")
    with tenant_tx(tenant.id):
        assert serving_find(tenant_id=tenant.id) is None


def test_nobody_else_gets_in(owner, stranger_client):
    post(client_of(owner))

    assert stranger_client.get("/api/v1/t/blue-team/settings/").status_code == 404


def test_the_same_name_gets_another_address(owner):
    client = client_of(owner)

    slugs = [post(client).json()["slug"] for _ in range(3)]

    assert slugs == ["blue-team", "blue-team-2", "blue-team-3"]


@pytest.mark.parametrize(
    "name, slug",
    [
        ("  Équipe n° 7! ", "equipe-n-7"),
        ("蓝队", "workspace"),
        ("x" * 39 + " yy", "x" * 39),
        ("--", "workspace"),
    ],
)
def test_an_address_is_made_of_the_name(name, slug):
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    "rule, role, allowed",
    [
        ("owners", "owner", True),
        ("owners", "admin", False),
        ("owners", None, False),
        ("anyone", "viewer", True),
        ("anyone", None, True),
        ("nobody", "owner", False),
    ],
)
def test_who_may_is_a_setting(tenant, settings, rule, role, allowed):
    settings.METACLAW_WORKSPACE_CREATION = rule
    client = client_of(member_of(tenant, role) if role else UserFactory())
    refusal = refusal_of(client)

    answer = post(client)

    assert answer.status_code == (201 if allowed else 403)
    assert (refusal is None) == allowed
    if not allowed:
        assert answer.json()["detail"] == refusal
        assert not Tenant.objects.filter(slug="blue-team").exists()


def test_nobody_owns_more_than_a_few(owner, settings, monkeypatch):
    monkeypatch.setattr("apps.tenants.selectors.access._OWNED_MOST", 1)

    answer = post(client_of(owner))

    assert answer.status_code == 403
    assert "Delete one first" in answer.json()["detail"]


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"name": "x" * 121}, {"time_zone": "Mars/Olympus"}]
)
def test_what_is_no_name_and_no_time_zone_is_refused(owner, change):
    answer = post(client_of(owner), **change)

    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == set(change)


def test_keys_and_visitors_make_none(tenant):
    assert post(client_with_key(tenant.id, "admin")).status_code == 401
    assert post(APIClient()).status_code == 401


def test_a_failure_on_the_way_leaves_nothing(owner, monkeypatch):
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.evolution.services.workspaces.pack_install", fail)
    before = Tenant.objects.count()

    with pytest.raises(RuntimeError):
        post(client_of(owner))

    assert Tenant.objects.count() == before
    assert len(selectors.tenants_of_user(user_id=owner.id)) == 1


def test_other_peoples_workspaces_count_for_nothing(db, settings):
    settings.METACLAW_WORKSPACE_CREATION = "owners"
    member_of(TenantFactory(), "owner")

    assert post(client_of(UserFactory())).status_code == 403
