"""Keys bound to an agent, keys that pass credentials on, keys in an address."""

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, selectors, services
from apps.tenants.models import AuditEvent, Tenant
from apps.tenants.types import SYSTEM

OPTIONS = {"agent": "coder", "passes_credentials": True, "path_allowed": True}
BODY = {"name": "ci", "scopes": ["gateway"]}


@pytest.fixture
def url(tenant) -> str:
    return f"/api/v1/t/{tenant.slug}/keys/"


def make_key(tenant, **fields):
    wanted = BODY | fields
    return services.key_create(tenant_id=tenant.id, actor=SYSTEM, **wanted)


def grants_of(tenant, text):
    """The grant as a gateway gets it, by one key and with all of them."""
    by_key = selectors.key_grant_find(key=keys.parse(text), at=now())
    with tenant_tx(tenant.id):
        (of_all,) = selectors.key_grants(tenant_id=tenant.id, at=now())
    return by_key, of_all


def test_options_are_off_unless_asked_for(tenant, admin_client, url):
    made = admin_client.post(url, BODY, format="json").json()

    assert {name: made[name] for name in OPTIONS} == {
        "agent": "",
        "passes_credentials": False,
        "path_allowed": False,
    }
    for grant in grants_of(tenant, made["secret"]):
        assert (grant.agent, grant.passes_credentials, grant.path_allowed) == ("", False, False)


def test_options_are_shown_and_reach_the_gateways(tenant, admin_client, url):
    made = admin_client.post(url, BODY | OPTIONS, format="json").json()

    (listed,) = admin_client.get(url).json()["results"]
    assert {name: listed[name] for name in OPTIONS} == OPTIONS
    for grant in grants_of(tenant, made["secret"]):
        assert (grant.agent, grant.passes_credentials, grant.path_allowed) == ("coder", True, True)


@pytest.mark.parametrize(
    "scopes, option",
    [
        (["read"], "passes_credentials"),
        (["read"], "path_allowed"),
        (["gateway", "read"], "path_allowed"),
        (["gateway", "admin"], "path_allowed"),
    ],
)
def test_options_that_the_scopes_rule_out_are_refused(tenant, admin_client, url, scopes, option):
    body = {"name": "ci", "scopes": scopes}

    made = admin_client.post(url, body | {option: True}, format="json")
    row, _ = make_key(tenant, scopes=scopes)
    changed = admin_client.patch(f"{url}{row.id}/", {option: True}, format="json")

    for answer in (made, changed):
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [option])
    (listed,) = admin_client.get(url).json()["results"]
    assert listed[option] is False


def test_a_key_that_also_reads_may_pass_credentials_on(tenant):
    row, _ = make_key(tenant, scopes=["gateway", "read"], passes_credentials=True)

    assert row.passes_credentials


def test_a_key_is_changed_and_says_so(tenant, admin_client, url):
    row, text = make_key(tenant)
    before = Tenant.objects.get(id=tenant.id).config_version
    change = {"name": "renamed", "agent": "writer", "path_allowed": True}

    answer = admin_client.patch(f"{url}{row.id}/", change, format="json")

    assert {name: answer.json()[name] for name in change} == change
    assert grants_of(tenant, text)[0].agent == "writer"
    assert Tenant.objects.get(id=tenant.id).config_version == before + 1
    with tenant_tx(tenant.id):
        event = AuditEvent.objects.for_tenant(tenant.id).get(action="key.changed")
    assert event.subject == "renamed"
    assert event.detail == "agent: writer, name: renamed, path_allowed: True"


def test_a_change_of_nothing_is_none(tenant, admin_client, url):
    row, _ = make_key(tenant)
    before = Tenant.objects.get(id=tenant.id).config_version

    answer = admin_client.patch(f"{url}{row.id}/", {}, format="json")

    assert answer.status_code == 200
    assert Tenant.objects.get(id=tenant.id).config_version == before


def test_what_a_key_may_do_and_how_long_cannot_be_changed(tenant, admin_client, url):
    row, text = make_key(tenant)

    answer = admin_client.patch(
        f"{url}{row.id}/", {"scopes": ["admin"], "revoked_at": None, "last4": "0000"}, format="json"
    )

    assert (answer.json()["scopes"], answer.json()["last4"]) == (["gateway"], row.last4)
    assert grants_of(tenant, text)[0].scopes == {"gateway"}


@pytest.mark.parametrize(
    "change",
    [{"agent": "größer"}, {"agent": "x" * 121}, {"name": ""}, {"path_allowed": "perhaps"}],
)
def test_a_bad_field_is_named(tenant, admin_client, url, change):
    row, _ = make_key(tenant)

    answer = admin_client.patch(f"{url}{row.id}/", change, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(change))


@pytest.mark.parametrize(
    "client, status",
    [
        ("admin_client", 200),
        ("reviewer_client", 403),
        ("viewer_client", 403),
        ("gateway_key_client", 403),
        ("stranger_client", 404),
    ],
)
def test_who_may_change_keys(request, tenant, url, client, status):
    row, _ = make_key(tenant)

    answer = request.getfixturevalue(client).patch(
        f"{url}{row.id}/", {"agent": "coder"}, format="json"
    )

    assert answer.status_code == status
