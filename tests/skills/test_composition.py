"""Which skill uses which, as the console draws it."""

from apps.skills import services
from apps.tenants.types import SYSTEM
from tests.factories import make_skill


def made(tenant, slug: str, *uses: str):
    return make_skill(tenant.id, slug, body=f"# {slug}\n\n1. Think of {slug}.", uses=uses)


def shown(client, tenant):
    return client.get(f"/api/v1/t/{tenant.slug}/library/composition/")


def test_the_references_of_live_skills_are_listed_with_what_they_cost(tenant, viewer_client):
    made(tenant, "units")
    made(tenant, "tables", "units")
    made(tenant, "report", "tables", "units")
    made(tenant, "alone")

    found = shown(viewer_client, tenant).json()

    by_slug = {one["slug"]: one for one in found["skills"]}
    assert [(one["slug"], one["uses"], one["trouble"]) for one in found["references"]] == [
        ("report", "tables", ""),
        ("report", "units", ""),
        ("tables", "units", ""),
    ]
    assert list(by_slug) == ["report", "tables", "units"]
    assert found["alone"] == 1
    assert by_slug["report"]["tokens_together"] > by_slug["report"]["tokens"]
    assert by_slug["units"]["tokens_together"] == by_slug["units"]["tokens"]


def test_what_is_retired_or_not_for_everybody_is_marked(tenant, viewer_client):
    made(tenant, "units")
    made(tenant, "tables")
    made(tenant, "report", "tables", "units")
    services.skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug="units")

    found = shown(viewer_client, tenant).json()

    assert {one["uses"]: one["trouble"] for one in found["references"]} == {
        "tables": "",
        "units": "retired",
    }
    assert {one["slug"]: one["status"] for one in found["skills"]}["units"] == "retired"


def test_a_skill_that_is_retired_uses_nothing_any_more(tenant, viewer_client):
    made(tenant, "units")
    made(tenant, "report", "units")
    services.skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug="report")

    found = shown(viewer_client, tenant).json()

    assert found == {"skills": [], "references": [], "alone": 1}


def test_strangers_see_none_of_it(tenant, stranger_client):
    made(tenant, "units")
    made(tenant, "report", "units")

    assert shown(stranger_client, tenant).status_code == 404
