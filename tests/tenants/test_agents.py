"""Agents, modes and the settings of a workspace that they inherit."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.tenants import selectors, services
from apps.tenants.models import AuditEvent, Tenant
from apps.tenants.types import SYSTEM
from tests.factories import TenantFactory


@pytest.fixture
def url(tenant) -> str:
    return f"/api/v1/t/{tenant.slug}/agents/"


def settings_of(tenant):
    return f"/api/v1/t/{tenant.slug}/settings/"


def config_of(tenant, agent=""):
    with tenant_tx(tenant.id):
        return selectors.tenant_config(tenant_id=tenant.id).of_agent(agent)


def make_agent(tenant, name="coder", **fields):
    return services.agent_create(tenant_id=tenant.id, actor=SYSTEM, name=name, **fields)


@pytest.mark.parametrize(
    "client, get_status, post_status",
    [
        ("owner_client", 200, 201),
        ("admin_key_client", 200, 201),
        ("reviewer_client", 200, 403),
        ("viewer_client", 200, 403),
        ("gateway_key_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_see_and_make_agents(request, url, client, get_status, post_status):
    client = request.getfixturevalue(client)

    assert client.get(url).status_code == get_status
    assert client.post(url, {"name": "coder"}, format="json").status_code == post_status


def test_what_an_agent_does_not_say_is_the_workspaces(db):
    tenant = TenantFactory(mode="skills", max_skills=4, skill_token_budget=900)
    make_agent(tenant, mode="observe", max_skills=0)
    make_agent(tenant, "writer", skill_token_budget=10)

    coder, writer, nobody = (config_of(tenant, name) for name in ("coder", "writer", "nobody"))

    assert (coder.mode, coder.max_skills, coder.skill_token_budget) == ("observe", 0, 900)
    assert (writer.mode, writer.max_skills, writer.skill_token_budget) == ("skills", 4, 10)
    assert (nobody.mode, nobody.max_skills, nobody.skill_token_budget) == ("skills", 4, 900)


def test_what_an_agent_inherits_follows_the_workspace(tenant):
    make_agent(tenant, max_skills=1)

    services.tenant_update(tenant_id=tenant.id, actor=SYSTEM, mode="rl")

    assert config_of(tenant, "coder").mode == "rl"


@pytest.mark.parametrize(
    "mode, injects", [("observe", False), ("skills", True), ("rl", False), ("auto", True)]
)
def test_a_mode_says_whether_skills_go_into_prompts(db, mode, injects):
    tenant = TenantFactory(mode=mode)

    assert config_of(tenant).injects is injects


@pytest.mark.parametrize(
    "said, meant",
    [
        ("skills_only", "skills"),
        ("madmax", "auto"),
        ("observe", "observe"),
        ("skills", "skills"),
        ("rl", "rl"),
        ("auto", "auto"),
    ],
)
def test_modes_are_taken_under_their_other_names_and_shown_under_their_own(
    tenant, admin_client, url, said, meant
):
    of_workspace = admin_client.patch(settings_of(tenant), {"mode": said}, format="json")
    of_agent = admin_client.post(url, {"name": "coder", "mode": said}, format="json")

    assert of_workspace.json()["mode"] == of_agent.json()["mode"] == meant
    assert Tenant.objects.get(id=tenant.id).mode == meant


@pytest.mark.parametrize("mode", ["train", "SKILLS", ["skills"], {"a": 1}, 7, None, ""])
def test_another_mode_is_refused(tenant, admin_client, mode):
    answer = admin_client.patch(settings_of(tenant), {"mode": mode}, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["mode"])


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "größer"},
        {"name": "line\nbreak"},
        {"name": "x" * 121},
        {"mode": "train"},
        {"max_skills": 11},
        {"skill_token_budget": -1},
    ],
)
def test_a_bad_field_is_named(admin_client, url, change):
    answer = admin_client.post(url, {"name": "coder"} | change, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, list(change))
    assert admin_client.get(url).json()["results"] == []


def test_an_agents_own_settings_can_be_taken_back(tenant, admin_client, url):
    body = {"name": "coder", "mode": "observe", "max_skills": 1, "skill_token_budget": 5}
    one = f"{url}{admin_client.post(url, body, format='json').json()['id']}/"

    changed = admin_client.patch(
        one, {"mode": "", "max_skills": None, "skill_token_budget": None}, format="json"
    )

    assert changed.json()["mode"] == ""
    found = config_of(tenant, "coder")
    assert (found.mode, found.max_skills, found.skill_token_budget) == ("skills", 3, 1500)


def test_a_name_is_taken_once_per_workspace(tenant, other_tenant, admin_client, url):
    make_agent(tenant)
    make_agent(other_tenant)
    writer = make_agent(tenant, "writer")

    again = admin_client.post(url, {"name": "coder"}, format="json")
    renamed = admin_client.patch(f"{url}{writer.id}/", {"name": "coder"}, format="json")

    for answer in (again, renamed):
        assert (answer.status_code, answer.json()["code"]) == (409, "agent_taken")


def test_every_change_reaches_the_gateways_and_the_audit_log(tenant, admin_client, url):
    before = Tenant.objects.get(id=tenant.id).config_version

    one = f"{url}{admin_client.post(url, {'name': 'coder'}, format='json').json()['id']}/"
    admin_client.patch(one, {"max_skills": 1}, format="json")
    gone = admin_client.delete(one)

    with tenant_tx(tenant.id):
        events = AuditEvent.objects.for_tenant(tenant.id).filter(action__startswith="agent.")
        noted = list(events.order_by("id").values_list("action", "subject"))
    assert gone.status_code == 204
    assert noted == [(f"agent.{verb}", "coder") for verb in ("created", "changed", "deleted")]
    assert Tenant.objects.get(id=tenant.id).config_version == before + 3


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"])
def test_a_workspace_has_a_time_zone(tenant, admin_client, zone):
    answer = admin_client.patch(settings_of(tenant), {"time_zone": zone}, format="json")

    assert answer.json()["time_zone"] == zone


@pytest.mark.parametrize("zone", ["Berlin", "../etc/passwd", "UTC+1", ""])
def test_what_is_no_time_zone_is_refused(tenant, admin_client, zone):
    answer = admin_client.patch(settings_of(tenant), {"time_zone": zone}, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["time_zone"])
