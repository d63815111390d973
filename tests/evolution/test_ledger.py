"""What the ledger proposes: the useless out, the overlapping together, each once."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.models import Canary, Proposal
from apps.evolution.services import ledger_look, ledger_sweep, proposal_approve, proposal_reject
from apps.evolution.services.value.joining import joined
from apps.evolution.services.value.useless import upper_bound
from apps.evolution.types import Reviewer
from apps.jobs.models import Job
from apps.skills.models import Skill, SkillStat, SkillVersion
from apps.skills.selectors import skill_get
from apps.skills.skillmd import parse
from apps.tenants.types import SYSTEM
from tests.factories import (
    make_canary,
    make_doc,
    make_learned,
    make_policy,
    make_run,
    make_skill,
    make_turn,
)

REVIEWER = Reviewer(SYSTEM)


def rows(tenant, model=Proposal, **filters):
    with tenant_tx(tenant.id):
        return list(model.objects.for_tenant(tenant.id).filter(**filters).order_by("id"))


def look(tenant):
    """What the ledger has proposed after one more look."""
    ledger_look(run=make_run(tenant.id))
    found = rows(tenant, author_model="ledger")
    return [(one.kind, one.slug, one.status) for one in found]


def tried(tenant, slug, passed, failed, *, uses=None, used_at=None, **fields):
    version = make_skill(tenant.id, slug, **fields).live_version
    stat(tenant, version.id, passed, failed, uses=uses, used_at=used_at)
    return version


def stat(tenant, version_id, passed, failed, *, uses=None, used_at=None):
    with tenant_tx(tenant.id):
        SkillStat.objects.create(
            tenant_id=tenant.id,
            version_id=version_id,
            hour=now(),
            uses=passed + failed if uses is None else uses,
            passed=passed,
            failed=failed,
            last_used_at=used_at or now(),
        )


def approve(tenant):
    (proposal,) = rows(tenant, author_model="ledger", status="pending")
    return proposal_approve(
        tenant_id=tenant.id,
        reviewer=REVIEWER,
        proposal_id=proposal.id,
        sha256=proposal.sha256,
    )


@pytest.mark.parametrize(
    "passed, failed, is_proposed",
    [
        (3, 57, True),
        (14, 46, False),  # 23 %, but it may be 35 %
        (0, 49, False),  # too few to say
        (60, 0, False),
    ],
)
def test_what_surely_succeeds_too_little_is_to_go(tenant, passed, failed, is_proposed):
    tried(tenant, "a", passed, failed)

    assert look(tenant) == [("retire", "a", "pending")] * is_proposed


def test_a_proposal_says_why_and_takes_the_skill_out_when_a_person_agrees(tenant):
    version = tried(tenant, "a", 3, 57)
    look(tenant)

    (proposal,) = rows(tenant)
    assert "3 of 60 judged turns" in proposal.reason
    assert (proposal.base_version_id, proposal.run_id) == (version.id, None)
    assert proposal.checks != []
    approve(tenant)

    with tenant_tx(tenant.id):
        assert skill_get(tenant_id=tenant.id, slug="a").status == Skill.Status.RETIRED


def test_what_was_turned_down_is_not_proposed_again_for_the_same_version(tenant):
    tried(tenant, "a", 3, 57)
    look(tenant)
    look(tenant)
    (proposal,) = rows(tenant)
    proposal_reject(tenant_id=tenant.id, reviewer=REVIEWER, proposal_id=proposal.id, reason="wrong")
    assert look(tenant) == [("retire", "a", "rejected")]

    revised = make_skill(tenant.id, "a", body="# Dates\n\n1. Write dates as YYYY-MM-DD.")
    stat(tenant, revised.live_version.id, 2, 70)

    assert look(tenant) == [("retire", "a", "rejected"), ("retire", "a", "pending")]


def test_a_house_rule_that_does_not_pay_has_to_compete_first(tenant):
    tried(tenant, "rule", 3, 57, reach="always")

    assert look(tenant) == [("revise", "rule", "pending")]
    assert parse(rows(tenant)[0].text).reach == "relevant"
    approve(tenant)

    with tenant_tx(tenant.id):
        skill = skill_get(tenant_id=tenant.id, slug="rule")
    assert (skill.live_version.reach, skill.live_version.number) == ("relevant", 2)
    assert look(tenant) == [("revise", "rule", "approved")]


def test_a_skill_stays_whose_it_was(tenant):
    make_learned(tenant.id, "learned", reach="always")
    (version,) = rows(tenant, SkillVersion)
    stat(tenant, version.id, 0, 90)
    look(tenant)
    approve(tenant)

    assert [one.source for one in rows(tenant, SkillVersion)] == ["evolved", "evolved"]


@pytest.mark.parametrize(
    "high, pairs, uses, is_proposed",
    [(0.0, 40, 60, True), (0.02, 40, 60, False), (-0.1, 5, 60, False), (-0.1, 40, 9, False)],
)
def test_what_surely_lifts_nothing_is_to_go(tenant, high, pairs, uses, is_proposed):
    canary = make_canary(tenant.id, "a")
    with tenant_tx(tenant.id):
        reward = {"pairs": pairs, "difference": -0.2, "low": -0.4, "high": high}
        Canary.objects.for_tenant(tenant.id).update(result={"reward": reward}, status="promoted")
        Skill.objects.for_tenant(tenant.id).filter(slug="a").update(
            trial_id=None, trial_version=None, status="live", live_version=canary.version_id
        )
    stat(tenant, canary.version_id, 5, 0, uses=uses)

    assert look(tenant) == [("retire", "a", "pending")] * is_proposed


def test_what_is_on_trial_is_left_to_the_trial(tenant):
    canary = make_canary(tenant.id, "a")
    stat(tenant, canary.version_id, 0, 90)

    assert look(tenant) == []


def unused(tenant, slug, *, days, used=None, **fields):
    used_at = None if used is None else now() - timedelta(days=used)
    version = tried(tenant, slug, 0, 0, used_at=used_at, **fields)
    with tenant_tx(tenant.id):
        if used is None:
            SkillStat.objects.for_tenant(tenant.id).filter(version=version).delete()
        rows = Skill.objects.for_tenant(tenant.id).filter(slug=slug)
        rows.update(updated_at=now() - timedelta(days=days))


def test_what_nobody_asks_for_is_to_go_where_there_is_work(tenant):
    make_policy(tenant.id, ledger_outcomes=3, ledger_unused_days=30)
    unused(tenant, "never", days=40)
    unused(tenant, "long-ago", days=90, used=31)
    unused(tenant, "lately", days=90, used=29)
    unused(tenant, "new", days=20)
    unused(tenant, "bank", days=90, source="bank")
    assert look(tenant) == []

    for _ in range(3):
        make_turn(tenant.id)

    assert look(tenant) == [("retire", "long-ago", "pending"), ("retire", "never", "pending")]


def together(tenant, *slugs, turns=12):
    with tenant_tx(tenant.id):
        skills = [skill_get(tenant_id=tenant.id, slug=slug) for slug in slugs]
    used = [(one.live_version_id, one.slug, 1) for one in skills]
    for _ in range(turns):
        make_turn(tenant.id, skills=used)


SAME = make_doc("dates-again", body=make_doc().body + "\n- Local time without its zone.\n")


def test_two_that_say_the_same_and_go_together_become_one(tenant):
    tried(tenant, "iso-dates", 30, 0)
    tried(tenant, "dates-again", 20, 0, body=SAME.body)
    together(tenant, "iso-dates", "dates-again")

    assert look(tenant) == [("merge", "iso-dates", "pending")]
    (proposal,) = rows(tenant)
    assert proposal.merges == ["dates-again"]
    assert "12 recent turns carried both" in proposal.reason
    approve(tenant)

    with tenant_tx(tenant.id):
        kept = skill_get(tenant_id=tenant.id, slug="iso-dates")
        gone = skill_get(tenant_id=tenant.id, slug="dates-again")
    assert (kept.status, gone.status) == ("live", "retired")
    assert "Local time without its zone." in kept.live_version.text
    assert look(tenant) == [("merge", "iso-dates", "approved")]


def test_two_that_say_the_same_but_go_apart_are_left_alone(tenant):
    tried(tenant, "iso-dates", 30, 0)
    tried(tenant, "dates-again", 20, 0, body=SAME.body)
    together(tenant, "iso-dates")
    together(tenant, "dates-again")
    together(tenant, "iso-dates", "dates-again", turns=9)

    assert look(tenant) == []


def test_two_that_go_together_and_say_different_things_are_left_alone(tenant):
    tried(tenant, "iso-dates", 30, 0)
    tried(tenant, "refunds", 20, 0, description="Use for refunds.", body="1. Ask for the order.")
    together(tenant, "iso-dates", "refunds")

    assert look(tenant) == []


def test_a_merge_that_was_turned_down_is_not_proposed_the_other_way_round(tenant):
    one = tried(tenant, "iso-dates", 30, 0)
    other = tried(tenant, "dates-again", 20, 0, body=SAME.body)
    together(tenant, "iso-dates", "dates-again")
    look(tenant)
    (proposal,) = rows(tenant)
    proposal_reject(tenant_id=tenant.id, reviewer=REVIEWER, proposal_id=proposal.id, reason="wrong")
    with tenant_tx(tenant.id):
        stats = SkillStat.objects.for_tenant(tenant.id)
        stats.filter(version=one).update(uses=1)
        stats.filter(version=other).update(uses=99)

    assert look(tenant) == [("merge", "iso-dates", "rejected")]


def test_of_a_merged_text_nothing_is_said_twice():
    kept = make_doc()

    assert joined(kept, make_doc("same")) == kept
    assert joined(kept, SAME).body == f"{kept.body}\n- Local time without its zone."


def test_a_point_keeps_the_heading_that_it_had():
    kept = make_doc(body="# Dates\n\n## Steps\n\n1. Write ISO dates.\n\n## Notes\n\nNone.")
    gone = make_doc(
        "gone", body="# Dates\n\n## Steps\n\n1. Name the zone.\n\n## Avoid\n\n- Month names."
    )

    assert joined(kept, gone).body == (
        "# Dates\n\n## Steps\n\n1. Write ISO dates.\n2. Name the zone.\n\n"
        "## Notes\n\nNone.\n\n## Avoid\n\n- Month names."
    )


def test_nothing_is_proposed_while_learning_is_paused_or_the_queue_is_full(tenant):
    make_policy(tenant.id, is_paused=True)
    for number in range(7):
        tried(tenant, f"bad-{number}", 0, 60, description=f"Use for case {number}.")
    assert look(tenant) == []

    make_policy(tenant.id)

    assert len(look(tenant)) == 5
    assert len(look(tenant)) == 5


def test_thresholds_are_the_workspaces_own(tenant, admin_client):
    tried(tenant, "a", 3, 57)
    path = f"/api/v1/t/{tenant.slug}/learning-policy/"

    rules = {"ledger_success_below": None, "ledger_merges": False}
    said = admin_client.put(path, rules, format="json")
    refused = admin_client.put(path, {"ledger_success_below": 101}, format="json")

    assert said.json()["ledger_success_below"] is None
    assert refused.status_code == 400
    assert look(tenant) == []


def test_a_skill_about_which_something_waits_is_left_alone(tenant):
    tried(tenant, "a", 3, 57)
    with tenant_tx(tenant.id):
        doc = make_doc("a", body="# Dates\n\n1. Another text.")
        Proposal.objects.create(
            tenant_id=tenant.id,
            kind="revise",
            slug="a",
            category=doc.category,
            description=doc.description,
            text=doc.text,
            sha256=doc.sha256,
            original_sha256=doc.sha256,
            author_model="somebody",
        )

    assert look(tenant) == []


def test_the_sweep_asks_for_one_look_per_workspace_with_skills_in_use(tenant, other_tenant):
    tried(tenant, "a", 1, 0)
    make_skill(other_tenant.id, "b")

    ledger_sweep()
    ledger_sweep()

    assert len(rows(tenant, Job, kind="evolution.ledger")) == 1
    assert rows(other_tenant, Job, kind="evolution.ledger") == []


def test_the_upper_bound_shrinks_with_what_is_known():
    assert upper_bound(0, 10) > upper_bound(0, 50) > upper_bound(0, 1000) > 0
    assert upper_bound(50, 100) == pytest.approx(0.5962, abs=1e-3)  # Wilson's, from a table
    assert upper_bound(10, 10) == 1.0
