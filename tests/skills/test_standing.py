"""Relevance times how a skill does: neutral without outcomes, bounded, and slow to move."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.skills import standing
from apps.skills.bank import load_bank
from apps.skills.models import SkillStanding, SkillStat
from apps.skills.retrieval import SkillIndex
from apps.skills.selectors import library_get
from apps.skills.services import standings_set, standings_sweep
from apps.skills.standing import LEAST, MOST, factors
from apps.skills.types import Outcomes
from apps.tenants.models import Tenant
from tests.factories import make_canary, make_doc, make_entry, make_skill

ONE, OTHER = UUID(int=1), UUID(int=2)
QUERY = "write the release date and the time of the meeting"
counts = st.integers(0, 500)
outcomes = st.builds(Outcomes, passed=counts, failed=counts)


@given(st.lists(outcomes, max_size=6))
def test_factors_are_bounded_and_neutral_where_nothing_is_known(known):
    found = factors({UUID(int=n): one for n, one in enumerate(known, 2)} | {ONE: Outcomes()})

    assert found[ONE] == 1.0
    assert all(LEAST <= factor <= MOST for factor in found.values())


@given(st.integers(0, 200), st.integers(1, 200))
def test_who_does_better_than_the_others_never_counts_for_less(passed, known):
    passed = min(passed, known)
    found = factors({ONE: Outcomes(passed, known - passed), OTHER: Outcomes(80, 20)})

    assert (found[ONE] <= found[OTHER]) == (passed / known <= 0.8) or found[ONE] == found[OTHER]


def test_few_outcomes_move_little_and_many_as_far_as_it_goes():
    usual = {OTHER: Outcomes(800, 200)}

    few = factors({ONE: Outcomes(0, 2)} | usual)[ONE]
    many = factors({ONE: Outcomes(0, 100)} | usual)[ONE]

    assert 0.85 < few < 1
    assert many == LEAST


# Retrieval ---------------------------------------------------------------------------------


def entry(slug, factor=1.0, **fields):
    return replace(make_entry(make_doc(slug, **fields), is_learned=True), factor=factor)


def slugs(hits):
    return [hit.skill.slug for hit in hits]


BANK = [make_entry(doc) for doc in load_bank()]


@pytest.mark.parametrize("doc", load_bank()[:15], ids=lambda doc: doc.slug)
def test_without_outcomes_the_order_is_that_of_relevance(doc):
    plain = SkillIndex(BANK).choose(doc.description)

    # Somebody else's standing changes nothing about these.
    others = [
        replace(one, factor=0.5 if one.slug == "unrelated" else 1.0)
        for one in [*BANK, entry("unrelated", description="Use when the zebra quux frobs.")]
    ]
    neutral = SkillIndex([replace(one, factor=1.0) for one in BANK]).choose(doc.description)
    beside = SkillIndex(others).choose(doc.description)

    assert neutral == plain
    assert slugs(beside.hits) == slugs(plain.hits)


def test_of_two_that_fit_alike_the_better_one_comes_first():
    for better, worse in (("a", "b"), ("b", "a")):
        index = SkillIndex([entry(better, 1.2), entry(worse, 0.8)])

        first, second = index.search(QUERY)

        assert (first.skill.slug, second.skill.slug) == (better, worse)
        assert first.score / 1.2 == pytest.approx(second.score / 0.8, abs=1e-3)


def test_doing_badly_keeps_out_what_just_fits_and_it_is_named():
    (plain,) = SkillIndex([entry("a")]).search(QUERY)
    threshold = plain.score / 0.7 * 0.95

    choice = SkillIndex([entry("a", 0.6)]).choose(QUERY, threshold=threshold)

    assert slugs(SkillIndex([entry("a")]).search(QUERY, threshold=threshold)) == ["a"]
    assert choice.hits == []
    assert [(one.slug, why) for one, _, why in choice.passed_over] == [("a", "too weak")]


def test_doing_well_makes_nothing_fit():
    (plain,) = SkillIndex([entry("a")]).search(QUERY)
    threshold = plain.score / 0.7 * 1.1

    assert SkillIndex([entry("a", 1.25)]).search(QUERY, threshold=threshold) == []


def test_a_house_rule_is_not_ranked():
    (hit,) = SkillIndex([entry("a", 0.5, reach="always")]).search(QUERY)

    assert (hit.score, hit.is_always) == (1.0, True)


# The sweep ---------------------------------------------------------------------------------


def tried(tenant, slug, passed, failed, ago=timedelta(0)):
    version = make_skill(tenant.id, slug).live_version
    with tenant_tx(tenant.id):
        SkillStat.objects.create(
            tenant_id=tenant.id, version=version, hour=now() - ago, passed=passed, failed=failed
        )
    return version


def config_version(tenant):
    return Tenant.objects.get(id=tenant.id).config_version


def known(tenant):
    with tenant_tx(tenant.id):
        return library_get(tenant_id=tenant.id).factors


def test_what_moved_is_in_the_library_and_gateways_hear_of_it(tenant):
    good, bad = tried(tenant, "good", 90, 10), tried(tenant, "bad", 2, 60)
    make_skill(tenant.id, "new")
    before = config_version(tenant)

    assert standings_sweep() == 2

    found = known(tenant)
    assert found[good.id] > 1 > found[bad.id]
    assert found.keys() == {good.id, bad.id}
    assert config_version(tenant) == before + 1


def test_what_moved_by_less_than_noise_stays_as_it_was(tenant):
    tried(tenant, "good", 90, 10)
    bad = tried(tenant, "bad", 40, 30)
    standings_set(tenant_id=tenant.id)
    before, at = known(tenant), config_version(tenant)
    with tenant_tx(tenant.id):
        SkillStat.objects.for_tenant(tenant.id).filter(version=bad).update(passed=42)

    assert standings_set(tenant_id=tenant.id) == 0
    assert (known(tenant), config_version(tenant)) == (before, at)

    with tenant_tx(tenant.id):
        SkillStat.objects.for_tenant(tenant.id).filter(version=bad).update(passed=0)
    assert standings_set(tenant_id=tenant.id) >= 1
    assert known(tenant)[bad.id] < before[bad.id] - standing.STEP


def test_outcomes_of_long_ago_count_no_more(tenant):
    old = tried(tenant, "old", 0, 100, ago=timedelta(days=100))
    tried(tenant, "good", 90, 10)
    with tenant_tx(tenant.id):
        SkillStanding.objects.create(tenant_id=tenant.id, version=old, factor=0.5)

    standings_set(tenant_id=tenant.id)

    assert known(tenant).get(old.id, 1.0) == 1.0


def test_a_version_on_trial_is_not_weighed(tenant):
    canary = make_canary(tenant.id)
    tried(tenant, "good", 90, 10)
    with tenant_tx(tenant.id):
        SkillStat.objects.create(
            tenant_id=tenant.id, version_id=canary.version_id, hour=now(), failed=100
        )

    standings_set(tenant_id=tenant.id)

    assert canary.version_id not in known(tenant)


def test_workspaces_are_weighed_each_by_itself(tenant, other_tenant):
    """What is usual is usual there: nobody does better for being beside strangers."""
    tried(tenant, "a", 60, 40)
    theirs = tried(other_tenant, "b", 1, 99)

    standings_sweep()

    assert known(tenant) == {}
    assert known(other_tenant).keys() == {theirs.id}
