"""The built-in bank keeps the promises that we ask of every skill."""

from collections import Counter

import pytest

from apps.skills.bank import load_bank
from apps.skills.lint import lint
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import CATEGORIES, parse
from tests.factories import make_entry

BANK = load_bank()
INDEX = SkillIndex(make_entry(doc) for doc in BANK)
each = pytest.mark.parametrize("doc", BANK, ids=lambda doc: doc.slug)


def test_the_bank_covers_every_category():
    counts = Counter(doc.category for doc in BANK)

    assert len(BANK) >= 44
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 4


@each
def test_a_bank_skill_passes_its_own_lint_without_a_remark(doc):
    assert [check for check in lint(doc) if check.level != "ok"] == []


@each
def test_a_bank_skill_is_short(doc):
    assert 600 <= len(doc.body) <= 1500


@each
def test_a_bank_skill_is_found_by_its_own_description(doc):
    hits = INDEX.search(doc.description)

    assert hits[0].skill.slug == doc.slug
    assert hits[0].score > 0.6


@each
def test_a_bank_skill_waits_for_its_topic(doc):
    assert doc.reach == "relevant"


@each
def test_a_bank_skill_is_stored_in_canonical_form(doc):
    assert parse(doc.text) == doc


def test_no_two_skills_say_the_same():
    assert len({doc.slug for doc in BANK}) == len(BANK)
    assert len({doc.body.split("\n")[0] for doc in BANK}) == len(BANK)


def test_the_bank_is_a_fresh_list_each_time():
    load_bank().clear()

    assert len(load_bank()) == len(BANK)
