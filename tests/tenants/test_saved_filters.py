"""Filters that a member keeps under names, for themselves alone."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.tenants.models import Membership, SavedFilter
from apps.tenants.services import member_remove
from apps.tenants.services.saved_filters import MOST_FILTERS
from apps.tenants.types import SYSTEM
from tests.conftest import client_of, member_of

FAILED = {"page": "turns", "name": "Failed today", "search": {"outcome": "failed", "score_max": 0}}


@pytest.fixture
def url(tenant) -> str:
    return f"/api/v1/t/{tenant.slug}/saved-filters/"


def keep(client, url, **fields):
    return client.put(url, FAILED | fields, format="json")


def kept(client, url):
    return [(row["page"], row["name"]) for row in client.get(url).json()["results"]]


@pytest.mark.parametrize(
    "client, get_status, put_status",
    [
        ("owner_client", 200, 200),
        ("viewer_client", 200, 200),
        ("admin_key_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_every_person_keeps_their_own_and_no_key_does(request, url, client, get_status, put_status):
    client = request.getfixturevalue(client)

    assert client.get(url).status_code == get_status
    assert keep(client, url).status_code == put_status


def test_what_one_member_keeps_no_other_member_sees_or_deletes(url, owner_client, viewer_client):
    mine = keep(viewer_client, url).json()

    assert mine["search"] == FAILED["search"]
    assert kept(viewer_client, url) == [("turns", "Failed today")]
    assert kept(owner_client, url) == []
    assert owner_client.delete(f"{url}{mine['id']}/").status_code == 404
    assert viewer_client.delete(f"{url}{mine['id']}/").status_code == 204
    assert kept(viewer_client, url) == []


def test_the_same_name_is_kept_anew_and_a_page_has_names_of_its_own(url, viewer_client):
    first = keep(viewer_client, url).json()
    again = keep(viewer_client, url, search={"q": "dates"}).json()
    keep(viewer_client, url, page="sessions", search={"q": "dates"})

    assert (again["id"], again["search"]) == (first["id"], {"q": "dates"})
    assert kept(viewer_client, url) == [("sessions", "Failed today"), ("turns", "Failed today")]


def test_a_name_is_changed_but_not_to_one_that_is_taken(url, viewer_client):
    keep(viewer_client, url)
    keep(viewer_client, url, name="Other")

    renamed = keep(viewer_client, url, name="Failures", was="Failed today")
    taken = keep(viewer_client, url, name="Other", was="Failures")
    unknown = keep(viewer_client, url, name="New", was="Failed today")

    assert (renamed.status_code, renamed.json()["name"]) == (200, "Failures")
    assert (taken.status_code, taken.json()["code"]) == (409, "filter_name_taken")
    assert unknown.status_code == 404
    assert kept(viewer_client, url) == [("turns", "Other"), ("turns", "Failures")]


@pytest.mark.parametrize(
    "search",
    [{}, [], "outcome=failed", {"q": ["a"]}, {"q": True}, {"q": "x" * 301}],
)
def test_only_what_an_address_may_hold_is_kept(url, viewer_client, search):
    answer = keep(viewer_client, url, search=search)

    assert answer.status_code in (400, 422), answer.content
    assert "search" in answer.json()["fields"]


def test_there_is_an_end_to_them(tenant, url):
    person = member_of(tenant, "viewer")
    with tenant_tx(tenant.id):
        membership = Membership.objects.for_tenant(tenant.id).get(user_id=person.id)
        SavedFilter.objects.bulk_create(
            SavedFilter(
                tenant_id=tenant.id, membership=membership, page="turns", name=str(n), search={}
            )
            for n in range(MOST_FILTERS)
        )

    assert keep(client_of(person), url, name="0").status_code == 200
    assert keep(client_of(person), url, name="new").json()["code"] == "too_many_filters"


def test_they_go_with_the_membership(tenant, url, owner_client):
    person = member_of(tenant, "viewer")
    keep(client_of(person), url)
    with tenant_tx(tenant.id):
        membership = Membership.objects.for_tenant(tenant.id).get(user_id=person.id)

    member_remove(tenant_id=tenant.id, actor=SYSTEM, acting_as="owner", member_id=membership.id)

    with tenant_tx(tenant.id):
        assert not SavedFilter.objects.for_tenant(tenant.id).exists()
