"""Who may load a demo, see how far it is, and remove it."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.tenancy import tenant_tx
from apps.demo import services
from apps.exports.models import Deletion
from apps.tenants.models import Tenant
from apps.tenants.selectors import tenant_find
from tests.conftest import client_of, client_with_key, member_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/workspaces/demo/"


@pytest.fixture(autouse=True)
def _no_practice(settings: Any) -> None:
    settings.METACLAW_PRACTICE_URL = ""
    settings.METACLAW_WORKSPACE_CREATION = "anyone"


@pytest.fixture
def demo() -> Tenant:
    made = services.demo_create(user=UserFactory(), time_zone="UTC")
    tenant = tenant_find(slug=made.slug)
    assert tenant is not None
    return tenant


def test_whoever_may_make_a_workspace_loads_a_demo_of_their_own() -> None:
    client = client_of(UserFactory())

    made = client.post(URL, {"time_zone": "Europe/Berlin"}, format="json")
    standing = client.get(f"/api/v1/t/{made.json()['slug']}/demo/")
    session = client.get("/api/v1/session/").json()

    assert made.status_code == 201
    assert standing.json() == {"done": 0, "total": 14, "is_ready": False, "is_stopped": False}
    (workspace,) = session["tenants"]
    assert (workspace["is_demo"], workspace["role"]) == (True, "owner")
    assert workspace["time_zone"] == "Europe/Berlin"


def test_nobody_loads_one_where_nobody_makes_workspaces(settings: Any) -> None:
    settings.METACLAW_WORKSPACE_CREATION = "nobody"

    assert client_of(UserFactory()).post(URL, {}, format="json").status_code == 403


def test_no_key_and_no_stranger_loads_one(tenant: Tenant) -> None:
    assert client_with_key(tenant.id, "admin").post(URL, {}, format="json").status_code == 401
    assert APIClient().post(URL, {}, format="json").status_code == 401


@pytest.mark.parametrize("role, status", [("viewer", 403), ("admin", 403), ("owner", 204)])
def test_an_owner_removes_it_and_it_goes_at_once(demo: Tenant, role: str, status: int) -> None:
    client = client_of(member_of(demo, role))

    answer = client.delete(f"/api/v1/t/{demo.slug}/demo/")

    assert answer.status_code == status
    with tenant_tx(demo.id):
        assert Deletion.objects.for_tenant(demo.id).exists() == (status == 204)


def test_a_workspace_that_is_no_demo_has_none(tenant: Tenant, owner_client: APIClient) -> None:
    url = f"/api/v1/t/{tenant.slug}/demo/"

    assert owner_client.get(url).status_code == 404
    assert owner_client.delete(url).status_code == 404
    with tenant_tx(tenant.id):
        assert not Deletion.objects.for_tenant(tenant.id).exists()
