"""Routes over REST: written, read, refused."""

import pytest
from django.db import IntegrityError, connection

from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent, Tenant
from apps.upstreams.models import RouteTarget
from apps.upstreams.selectors import route_table
from tests.factories import make_upstream

URL = "/api/v1/t/{}/routes/"


@pytest.fixture
def url(tenant) -> str:
    return URL.format(tenant.slug)


@pytest.fixture
def upstream(tenant):
    return make_upstream(tenant.id, name="main", base_url="https://a.example/v1")


def test_a_route_is_written_with_the_names_or_ids_of_its_upstreams(
    tenant, admin_client, url, upstream
):
    make_upstream(tenant.id, name="other", base_url="https://b.example/v1")
    body = {
        "model": "smart-*",
        "targets": [
            {"upstream": str(upstream.id), "model": "gpt-*", "weight": 3},
            {"upstream": "other"},
        ],
    }

    made = admin_client.post(url, body, format="json")

    assert made.status_code == 201, made.data
    assert [target["upstream_name"] for target in made.data["targets"]] == ["main", "other"]
    with tenant_tx(tenant.id):
        found = route_table(tenant_id=tenant.id).resolve("smart-x")
    assert {(t.connection.name, t.model) for t in found.targets} == {
        ("main", "gpt-x"),
        ("other", ""),
    }


@pytest.mark.parametrize(
    "change, field",
    [
        ({"targets": []}, "targets"),
        ({"targets": [{"upstream": "nowhere"}]}, "targets[0].upstream"),
        ({"targets": [{"upstream": "main", "weight": -1}]}, "targets"),
        ({"model": ""}, "model"),
        ({"model": "a**b"}, "model"),
        ({"first_byte_seconds": 0}, "first_byte_seconds"),
        ({"idle_seconds": 3601}, "idle_seconds"),
        ({"agent": "größer"}, "agent"),
        ({"agent": "two  blanks"}, "agent"),
        ({"targets": [{"upstream": "main", "model": "gpt-*"}]}, "targets[0].model"),
        ({"targets": [{"upstream": "main"}, {"upstream": "main"}]}, "targets[1]"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_stored(admin_client, url, upstream, change, field):
    body = {"model": "smart", "targets": [{"upstream": "main"}]} | change

    answer = admin_client.post(url, body, format="json")

    assert answer.status_code in (400, 422), answer.data
    assert any(name.startswith(field) for name in answer.data["fields"]), answer.data
    assert admin_client.get(url).data["results"] == []


def test_a_second_route_for_a_model_is_a_conflict(admin_client, url, upstream):
    body = {"model": "smart", "targets": [{"upstream": "main"}]}
    admin_client.post(url, body, format="json")

    again = admin_client.post(url, body, format="json")

    assert (again.status_code, again.data["code"]) == (409, "route_taken")


def test_a_provider_that_a_route_goes_to_cannot_be_removed(tenant, admin_client, url, upstream):
    spare = make_upstream(tenant.id, name="spare", base_url="https://b.example/v1")
    admin_client.post(url, {"model": "smart", "targets": [{"upstream": "spare"}]}, format="json")

    answer = admin_client.delete(f"/api/v1/t/{tenant.slug}/upstreams/{spare.id}/")

    assert (answer.status_code, answer.data["code"]) == (409, "upstream_in_use")
    assert "smart" in answer.data["detail"]


def test_targets_are_replaced_as_a_whole_and_a_route_can_be_switched_off(
    tenant, admin_client, url, upstream
):
    made = admin_client.post(
        url,
        {"model": "smart", "targets": [{"upstream": "main"}, {"upstream": "main", "model": "b"}]},
        format="json",
    )
    one = f"{url}{made.data['id']}/"

    changed = admin_client.patch(
        one, {"targets": [{"upstream": "main", "model": "c"}], "is_enabled": False}, format="json"
    )

    assert [target["model"] for target in changed.data["targets"]] == ["c"]
    with tenant_tx(tenant.id):
        found = route_table(tenant_id=tenant.id).resolve("smart")
    assert found.name == ""
    assert admin_client.delete(one).status_code == 204


def test_a_route_keeps_what_it_was_given(admin_client, url, upstream):
    body = {
        "model": "smart",
        "agent": "coder",
        "targets": [{"upstream": "main"}],
        "first_byte_seconds": 20,
        "idle_seconds": 30,
        "is_enabled": False,
    }

    made = admin_client.post(url, body, format="json").json()

    shown = admin_client.get(f"{url}{made['id']}/").json()
    assert {name: shown[name] for name in body if name != "targets"} == {
        name: value for name, value in body.items() if name != "targets"
    }


def test_a_route_cannot_lose_the_star_that_its_targets_need(admin_client, url, upstream):
    targets = [{"upstream": "main", "model": "gpt-*"}]
    made = admin_client.post(url, {"model": "s-*", "targets": targets}, format="json").json()
    one = f"{url}{made['id']}/"

    refused = admin_client.patch(one, {"model": "s"}, format="json")

    assert (refused.status_code, list(refused.data["fields"])) == (422, ["targets[0].model"])
    assert admin_client.get(one).data["model"] == "s-*"


@pytest.mark.parametrize(
    "client, get_status, post_status",
    [
        ("admin_key_client", 200, 201),
        ("reviewer_client", 200, 403),
        ("viewer_client", 200, 403),
        ("gateway_key_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_see_and_write_routes(request, url, upstream, client, get_status, post_status):
    client = request.getfixturevalue(client)
    body = {"model": "smart", "targets": [{"upstream": "main"}]}

    assert client.get(url).status_code == get_status
    assert client.post(url, body, format="json").status_code == post_status


def test_every_change_reaches_the_gateways_and_the_audit_log(tenant, admin_client, url, upstream):
    before = Tenant.objects.get(id=tenant.id).config_version
    body = {"model": "smart", "targets": [{"upstream": "main"}]}

    one = f"{url}{admin_client.post(url, body, format='json').data['id']}/"
    admin_client.patch(one, {"is_enabled": False}, format="json")
    admin_client.delete(one)

    with tenant_tx(tenant.id):
        events = AuditEvent.objects.for_tenant(tenant.id).filter(action__startswith="route.")
        noted = list(events.order_by("id").values_list("action", "subject", "detail"))
    assert noted == [
        ("route.created", "smart", "main"),
        ("route.changed", "smart", "main"),
        ("route.deleted", "smart", "main"),
    ]
    assert Tenant.objects.get(id=tenant.id).config_version == before + 3


def test_the_database_refuses_a_target_of_another_workspace(
    tenant, admin_client, url, upstream, other_tenant
):
    theirs = make_upstream(other_tenant.id, name="theirs", base_url="https://b.example/v1")
    body = {"model": "smart", "targets": [{"upstream": "main"}]}
    admin_client.post(url, body, format="json")

    with pytest.raises(IntegrityError, match="upstream_id_wall"):
        _point_routes_at(tenant, theirs)


def _point_routes_at(tenant, upstream):
    with tenant_tx(tenant.id):
        RouteTarget.objects.for_tenant(tenant.id).update(upstream_id=upstream.id)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_another_workspaces_upstream_is_not_there(admin_client, url, upstream, other_tenant):
    theirs = make_upstream(other_tenant.id, name="theirs", base_url="https://b.example/v1")

    answer = admin_client.post(
        url, {"model": "smart", "targets": [{"upstream": str(theirs.id)}]}, format="json"
    )

    assert answer.status_code == 422
    assert "theirs" not in str(answer.data)


def test_the_presets_are_listed_without_the_simulated_one(admin_client, tenant):
    kinds = [row["kind"] for row in admin_client.get(f"/api/v1/t/{tenant.slug}/presets/").data]

    assert "kimi" in kinds
    assert "practice" not in kinds


def test_a_preset_brings_its_address_and_a_template_has_to_be_filled(admin_client, tenant):
    url = f"/api/v1/t/{tenant.slug}/upstreams/"

    kimi = admin_client.post(url, {"name": "k", "kind": "kimi"}, format="json")
    azure = admin_client.post(url, {"name": "a", "kind": "azure-openai"}, format="json")

    assert kimi.data["base_url"] == "https://api.moonshot.ai/v1"
    assert azure.status_code == 422
    assert "<resource>" in azure.data["detail"]
