"""Skills composed of others: which references are accepted, and what goes into a prompt."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.core.text import estimate_tokens
from apps.skills import selectors, services
from apps.skills.errors import SkillInvalid
from apps.skills.indexed import entry_of
from apps.skills.injection_text import render_block
from apps.skills.references import composed, names_in, told_once
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import parse
from apps.skills.types import LiveSkill
from apps.tenants.types import SYSTEM
from tests.factories import make_doc, make_skill


def body(word: str) -> str:
    return f"# {word}\n\n## Steps\n\n1. Think of {word}.\n\n## Avoid\n\n- Forgetting {word}."


def make(tenant, slug: str, *uses: str, **fields):
    return make_skill(tenant.id, slug, body=body(slug.upper()), uses=uses, **fields)


def library(tenant) -> dict[str, LiveSkill]:
    with tenant_tx(tenant.id):
        found = selectors.library_get(tenant_id=tenant.id)
    return {skill.slug: skill for skill in found.skills}


def test_what_a_skill_uses_is_part_of_its_text():
    doc = make_doc("a", uses=["c", "b", "c"])

    assert doc.uses == ("c", "b")
    assert "uses:\n- c\n- b\n" in doc.text
    assert parse(doc.text) == doc
    assert doc.sha256 != make_doc("a").sha256


@pytest.mark.parametrize("uses", [["a"], ["Not a name"], [f"s{n}" for n in range(6)]])
def test_references_that_cannot_be_are_refused_by_the_text_alone(uses):
    with pytest.raises(SkillInvalid) as caught:
        make_doc("a", uses=uses)

    assert list(caught.value.fields) == ["uses"]


def test_references_follow_two_levels_deep_each_once(tenant):
    make(tenant, "c")
    make(tenant, "b", "c")
    make(tenant, "a", "b", "c")

    a = library(tenant)["a"]
    block = render_block([a])

    assert [line for line in block.split("\n") if line.startswith(("## ", "### "))] == [
        *("## a", "### Steps", "### Avoid", "### b", "### c"),
    ]
    assert block.count("Think of C.") == 1
    assert block.index("Think of A.") < block.index("Think of B.") < block.index("Think of C.")
    assert a.tokens == estimate_tokens(a.body) > library(tenant)["c"].tokens * 2


def test_the_budget_counts_the_whole_and_the_search_its_own_words(tenant):
    make(tenant, "c", description="Use when a quokka is fed.")
    make(tenant, "a", "c", description="Use when a wombat is groomed.")
    a, c = library(tenant)["a"], library(tenant)["c"]
    index = SkillIndex([entry_of(a), entry_of(c)])

    def found(query: str, budget: int) -> list[str]:
        return [hit.skill.slug for hit in index.search(query, token_budget=budget)]

    assert found("How is a wombat groomed?", a.tokens) == ["a"]
    assert found("How is a wombat groomed?", a.tokens - 1) == []
    assert "Think of C." not in entry_of(a).body


def refused(call) -> str:
    with pytest.raises(SkillInvalid) as caught:
        call()
    return caught.value.fields["uses"][0]


def test_circles_depth_and_unknown_names_are_refused_at_publish(tenant):
    make(tenant, "d")
    make(tenant, "c", "d")
    make(tenant, "b", "c")
    before = library(tenant)

    assert "deeper" in refused(lambda: make(tenant, "a", "b"))
    assert "circle" in refused(lambda: make(tenant, "d", "c"))
    assert "is not there" in refused(lambda: make(tenant, "x", "nobody"))
    assert library(tenant) == before


def test_an_import_may_bring_both_ends_of_a_reference(tenant):
    docs = [make_doc("a", uses=["b"]), make_doc("b")]

    services.skills_import(tenant_id=tenant.id, actor=SYSTEM, docs=docs, source="imported")

    assert library(tenant)["a"].own_body == make_doc().body


def test_a_retired_reference_is_left_out_and_comes_back(tenant):
    make(tenant, "b")
    make(tenant, "a", "b")

    services.skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug="b")
    without = library(tenant)["a"].body
    services.skill_activate(tenant_id=tenant.id, actor=SYSTEM, slug="b", number=1)

    assert "Think of B." not in without
    assert "Think of B." in library(tenant)["a"].body


def scope(tenant, slug, **fields):
    return services.skill_scope(tenant_id=tenant.id, actor=SYSTEM, slug=slug, **fields)


@pytest.mark.parametrize(
    "referrer, reference, is_fine",
    [
        ({}, {"agents": ["coder"]}, False),
        ({"agents": ["coder", "writer"]}, {"agents": ["coder"]}, False),
        ({"agents": ["coder"]}, {"agents": ["coder", "writer"]}, True),
        ({"agents": ["coder"]}, {}, True),
        ({}, {"tags": {"team": "blue"}}, False),
        ({"tags": {"team": "red"}}, {"tags": {"team": "blue"}}, False),
        ({"tags": {"team": "blue", "x": "y"}}, {"tags": {"team": "blue"}}, True),
    ],
)
def test_a_reference_never_reaches_those_it_is_not_for(tenant, referrer, reference, is_fine):
    make(tenant, "a")
    make(tenant, "b")
    scope(tenant, "a", **referrer)
    scope(tenant, "b", **reference)

    if is_fine:
        make(tenant, "a", "b")
        assert "Think of B." in library(tenant)["a"].body
    else:
        assert "not for everybody" in refused(lambda: make(tenant, "a", "b"))


def test_a_scope_cannot_be_changed_so_that_a_reference_leaks(tenant):
    make(tenant, "b")
    make(tenant, "a", "b")
    before = library(tenant)

    assert "not for everybody" in refused(lambda: scope(tenant, "b", agents=["coder"]))
    assert library(tenant) == before
    scope(tenant, "a", agents=["coder"])
    scope(tenant, "b", agents=["coder"])


def live(slug: str, *uses: str, agents=frozenset()) -> LiveSkill:
    return LiveSkill(
        version_id=slug,
        slug=slug,
        version=1,
        description="",
        body=body(slug.upper()),
        category="general",
        reach="relevant",
        tokens=1,
        learned=True,
        agents=agents,
        uses=uses,
    )


def test_whatever_is_stored_a_circle_ends_and_nothing_leaks():
    circle = {"a": live("a", "b"), "b": live("b", "a")}
    secret = {"a": live("a", "b", "c"), "b": live("b", agents=frozenset({"x"})), "c": live("c")}

    assert composed(circle["a"], circle).body.count("Think of") == 2
    assert "Think of B." not in composed(secret["a"], secret).body
    assert "Think of C." in composed(secret["a"], secret).body


def test_a_house_rule_pays_for_what_it_uses(tenant):
    long = "# L\n\n" + "\n".join(f"{n}. Do the step number {n} with care." for n in range(120))
    make_skill(tenant.id, "long", body=long)

    said = refused(lambda: make(tenant, "rule", "long", reach="always"))

    assert "every request" in said


def test_a_code_block_left_open_does_not_swallow_what_follows(tenant):
    make_skill(tenant.id, "b", body="# B\n\n1. Run it:\n\n```sh\nls")
    make_skill(tenant.id, "c", body=body("C"))
    make_skill(tenant.id, "a", body="# A\n\n1. Run it:\n\n```sh\nls", uses=["b", "c"])

    lines = render_block([library(tenant)["a"]]).split("\n")

    assert {"### b", "### c"} <= set(lines)


def test_a_text_is_in_a_block_once_however_many_bring_it(tenant):
    make(tenant, "c")
    make(tenant, "b", "c")
    make(tenant, "a", "b", "c")
    make(tenant, "z", "c")
    live = library(tenant)

    both = told_once([live["a"], live["b"]])
    shared = told_once([live["z"], live["b"]])
    alone = told_once([live["a"]])

    # What goes in of its own keeps its own section, before or behind what uses it.
    assert [(one.slug, [slug for slug, _ in one.references]) for one in both] == [
        ("a", ["c"]),
        ("b", []),
    ]
    assert [(one.slug, [slug for slug, _ in one.references]) for one in shared] == [
        ("z", ["c"]),
        ("b", []),
    ]
    assert alone == [live["a"]]
    for skills in (both, shared):
        block = render_block(skills)
        assert block.count("Think of B.") == block.count("Think of C.") == 1


def test_what_stands_further_up_is_not_said_again(tenant):
    make(tenant, "b")
    make(tenant, "a", "b")
    live = library(tenant)

    assert told_once([live["b"]], names_in([live["a"]])) == []
    (a,) = told_once([live["a"]], names_in([live["b"]]))
    assert a.body == live["a"].own_body
