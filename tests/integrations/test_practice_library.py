"""What the simulated evolver writes has to pass the product's own checks and be found again."""

from pathlib import Path

import pytest

from apps.integrations.practice.evolver import evolve
from apps.integrations.practice.rules import rules_stated_in
from apps.integrations.practice.tasks import FAMILIES, WORDINGS, TaskFamily
from apps.skills import bank, lint, skillmd
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import SkillDoc
from tests.factories import make_entry

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.slug)


def bank_docs() -> list[SkillDoc]:
    files = Path(bank.__file__).parent.rglob("SKILL.md")
    return [skillmd.parse(file.read_text(encoding="utf-8")) for file in files]


def learned_doc(family: TaskFamily) -> SkillDoc:
    messages = [{"role": "user", "content": family.wording(0)}]
    skill = evolve({"failures": [{"turn_id": "t", "messages": messages}]})
    return skillmd.build(
        slug=skill["name"],
        description=skill["description"],
        category=skill["category"],
        body=skill["body"],
        reach=skill["reach"],
    )


@pytest.fixture(scope="module")
def index() -> SkillIndex:
    docs = [(doc, False) for doc in bank_docs()]
    docs += [(learned_doc(family), True) for family in FAMILIES]
    return SkillIndex(make_entry(doc, is_learned=is_learned) for doc, is_learned in docs)


def test_no_built_in_skill_gives_a_house_rule_away() -> None:
    docs = bank_docs()

    assert len(docs) >= 40
    assert [doc.slug for doc in docs if rules_stated_in(doc.text)] == []


@each_family
def test_the_written_skill_passes_every_check(family: TaskFamily) -> None:
    checks = lint.lint(learned_doc(family))

    assert [check for check in checks if check.level != "ok"] == []


@each_family
def test_every_new_wording_finds_the_skill_among_all_others(
    family: TaskFamily, index: SkillIndex
) -> None:
    for number in range(WORDINGS):
        found = [hit.skill.slug for hit in index.search(family.wording(number))]
        assert family.slug in found, family.wording(number)
