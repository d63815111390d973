"""Skills for some agents and tags only: how that is said, kept, shown, and told to gateways."""

import io
import zipfile

import pytest

from apps.core.errors import NotFound
from apps.core.tenancy import tenant_tx
from apps.skills import selectors, services
from apps.skills.errors import SkillInvalid
from apps.skills.models import Skill, SkillVersion
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import parse
from apps.skills.types import OTHER_AGENT, OTHER_TAG, LiveSkill
from apps.tenants.models import AuditEvent
from apps.tenants.types import SYSTEM, Actor
from tests.factories import make_doc, make_entry, make_skill

ADA = Actor("user", "1", "Ada")
FOR_CODER = "---\nname: iso-dates\ndescription: {}\ncategory: general\nagents: {}\n---\n\n{}\n"


def scope(tenant, **fields):
    return services.skill_scope(tenant_id=tenant.id, actor=ADA, slug="iso-dates", **fields)


def live(tenant) -> tuple[int, LiveSkill]:
    with tenant_tx(tenant.id):
        found = selectors.library_get(tenant_id=tenant.id)
    return found.generation, found.skills[0]


def stated(agents: str) -> str:
    doc = make_doc()
    return FOR_CODER.format(doc.description, agents, doc.body)


def test_a_skill_is_for_everybody_until_somebody_says_otherwise(tenant):
    make_skill(tenant.id)

    _, skill = live(tenant)

    assert not skill.is_scoped
    assert skill.barred("", {}) == skill.barred("coder", {"team": "blue"}) == ""


def test_a_scope_reaches_gateways_and_the_audit_log(tenant):
    make_skill(tenant.id)
    before, _ = live(tenant)

    scope(tenant, agents=["writer", " coder", "coder"], tags={"Team": "blue"})

    generation, skill = live(tenant)
    assert generation == before + 1
    assert skill.agents == {"coder", "writer"}
    assert skill.scope_tags == {"team": "blue"}
    assert skill.barred("coder", {"team": "blue", "x": "y"}) == ""
    assert skill.barred("tester", {"team": "blue"}) == OTHER_AGENT
    assert skill.barred("", {"team": "blue"}) == OTHER_AGENT
    assert skill.barred("coder", {"team": "red"}) == skill.barred("coder", {}) == OTHER_TAG
    with tenant_tx(tenant.id):
        event = AuditEvent.objects.for_tenant(tenant.id).get(action="skill.scoped")
    assert event.detail == "agents: coder, writer; tags: team=blue"
    assert event.actor_label == "Ada"


def test_the_same_scope_again_changes_nothing_and_what_is_left_out_stays(tenant):
    make_skill(tenant.id)
    scope(tenant, agents=["coder"], tags={"team": "blue"})
    before, _ = live(tenant)

    scope(tenant, agents=["coder"])
    scope(tenant, tags={"team": "blue"})
    assert live(tenant)[0] == before

    scope(tenant, agents=[])
    generation, skill = live(tenant)
    assert generation == before + 1
    assert not skill.agents
    assert skill.scope_tags == {"team": "blue"}


@pytest.mark.parametrize(
    "fields, name",
    [
        ({"agents": ["Zoë"]}, "agents"),
        ({"agents": [""]}, "agents"),
        ({"agents": ["a" * 121]}, "agents"),
        ({"agents": [f"agent-{n}" for n in range(51)]}, "agents"),
        ({"tags": {"two words": "x"}}, "tags"),
        ({"tags": {"": "x"}}, "tags"),
        ({"tags": {"team": ""}}, "tags"),
        ({"tags": {"team": "blé"}}, "tags"),
        ({"tags": {f"tag-{n}": "x" for n in range(17)}}, "tags"),
    ],
)
def test_names_that_no_request_can_carry_are_refused(tenant, fields, name):
    make_skill(tenant.id)

    with pytest.raises(SkillInvalid) as caught:
        scope(tenant, **fields)

    assert list(caught.value.fields) == [name]
    assert not live(tenant)[1].is_scoped


def test_only_a_skill_that_is_there_has_a_scope(tenant, other_tenant):
    make_skill(other_tenant.id)

    with pytest.raises(NotFound):
        scope(tenant, agents=["coder"])


@pytest.mark.parametrize("written", ["[writer, coder]", "\n- coder\n- writer"])
def test_a_file_says_for_whom_it_is_and_gives_it_back(written):
    doc = parse(stated(written))

    assert doc.agents == ("coder", "writer")
    assert parse(doc.text) == doc
    assert "agents:\n- coder\n- writer\n" in doc.text


def test_a_file_may_name_one_agent_or_say_that_it_is_for_all():
    assert parse(stated("coder")).agents == ("coder",)
    assert parse(stated("[]")).agents == ()
    assert parse(parse(stated("[]")).text).agents == ()
    assert make_doc().agents is None


@pytest.mark.parametrize("written", ["{a: b}", "[[coder]]", "[7]", "", "[é]"])
def test_other_values_are_refused_by_name(written):
    with pytest.raises(SkillInvalid) as caught:
        parse(stated(written))

    assert list(caught.value.fields) == ["agents"]


def test_publishing_a_file_with_agents_sets_the_scope_and_keeps_the_text_without(tenant):
    services.skill_create(tenant_id=tenant.id, actor=ADA, text=stated("[coder]"))

    assert live(tenant)[1].agents == {"coder"}
    with tenant_tx(tenant.id):
        (version,) = SkillVersion.objects.for_tenant(tenant.id)
    assert version.text == make_doc().text
    assert version.sha256 == make_doc().sha256


def test_the_same_text_for_others_is_no_new_version_but_a_new_generation(tenant):
    make_skill(tenant.id)
    before, _ = live(tenant)

    imported = services.skills_import(
        tenant_id=tenant.id,
        actor=SYSTEM,
        docs=[parse(stated("[coder]"))],
        source=Skill.Source.IMPORTED,
    )

    generation, skill = live(tenant)
    assert imported.revised == ["iso-dates"]
    assert (generation, skill.version, skill.agents) == (before + 1, 1, {"coder"})


def test_a_text_that_says_nothing_of_agents_leaves_them_as_they_are(tenant):
    make_skill(tenant.id)
    scope(tenant, agents=["coder"], tags={"team": "blue"})

    make_skill(tenant.id, body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always.")

    _, skill = live(tenant)
    assert (skill.version, skill.agents) == (2, {"coder"})
    assert skill.scope_tags == {"team": "blue"}


def test_an_export_can_be_imported_with_its_agents(tenant, admin_client):
    make_skill(tenant.id)
    make_skill(tenant.id, "for-all")
    scope(tenant, agents=["coder"])

    blob = admin_client.get(f"/api/v1/t/{tenant.slug}/skills/export/").content

    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        docs = [parse(archive.read(name).decode()) for name in archive.namelist()]
    assert {doc.slug: doc.agents for doc in docs} == {"iso-dates": ("coder",), "for-all": None}


def test_the_scope_over_rest(tenant, admin_client, reviewer_client):
    make_skill(tenant.id)
    address = f"/api/v1/t/{tenant.slug}/skills/iso-dates/"
    body = {"agents": ["coder"], "tags": {"autorc-stage": "5"}}

    answer = admin_client.patch(f"{address}scope/", body, format="json")

    assert answer.status_code == 200
    for shown in (answer.json(), admin_client.get(address).json()):
        assert (shown["agents"], shown["tags"]) == (body["agents"], body["tags"])
    (listed,) = admin_client.get(f"/api/v1/t/{tenant.slug}/skills/").json()["results"]
    assert (listed["agents"], listed["tags"]) == (body["agents"], body["tags"])
    refused = admin_client.patch(f"{address}scope/", {"agents": ["é"]}, format="json")
    assert refused.status_code == 422
    assert "agents" in refused.json()["fields"]
    forbidden = reviewer_client.patch(f"{address}scope/", {"agents": []}, format="json")
    assert forbidden.status_code == 403


def index_of(*slugs: str, reach: str = "relevant") -> SkillIndex:
    docs = [make_doc(slug, description=f"Use when planting {slug}.", reach=reach) for slug in slugs]
    return SkillIndex([make_entry(doc, is_learned=True) for doc in docs])


def test_a_barred_skill_takes_nobodys_place_and_is_named_with_the_reason():
    index = index_of("oaks", "oaks-tall")
    free = index.choose("planting oaks", limit=1)
    first = free.hits[0].skill.slug

    choice = index.choose("planting oaks", limit=1, barred={first: OTHER_AGENT})

    assert [hit.skill.slug for hit in choice.hits] == [{"oaks": "oaks-tall"}.get(first, "oaks")]
    assert (first, OTHER_AGENT) in [(one.slug, why) for one, _, why in choice.passed_over]


def test_a_barred_house_rule_leaves_its_place_to_the_next():
    index = index_of("a-rule", "b-rule", "c-rule", "d-rule", reach="always")

    hits = index.choose("hello", barred={"b-rule": OTHER_TAG}).hits

    assert [hit.skill.slug for hit in hits] == ["a-rule", "c-rule", "d-rule"]
    assert [hit.skill.slug for hit in index.choose("hello").hits] == ["a-rule", "b-rule", "c-rule"]
