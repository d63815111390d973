"""From a failing turn to a proposal that waits for a person (P4, P5)."""

import json

import pytest

from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.models import Evidence, EvolutionRun, LearningPolicy, Proposal
from apps.evolution.types import Reviewer
from apps.jobs.errors import LeaseLost
from apps.jobs.models import Job
from apps.skills.models import Skill, SkillStat
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn
from tests.factories import (
    lesson,
    make_doc,
    make_policy,
    make_proposal,
    make_run,
    make_skill,
    make_turn,
)
from tests.fakes import FakeModel

FAILED = {"vote": -1, "rationale": "The date is not ISO 8601."}


def learn(tenant, *answers):
    if not rows(tenant, LearningPolicy):
        make_policy(tenant.id)
    model = FakeModel(*answers)
    services.evolution_run(run=make_run(tenant.id), model=model, is_simulated=False)
    return model


def rows(tenant, model, **filters):
    with tenant_tx(tenant.id):
        return list(model.objects.for_tenant(tenant.id).filter(**filters).order_by("id"))


def waiting_runs(tenant):
    return rows(tenant, Job, kind=services.EVOLVE_KIND, status="queued")


def score(tenant, turn, *answers, run=None):
    services.turn_score(
        run=run or make_run(tenant.id),
        turn_id=turn.id,
        model=FakeModel(*answers),
        is_simulated=False,
    )


def test_a_failing_verdict_asks_for_one_evolution_run(tenant):
    for _ in range(3):
        score(tenant, make_turn(tenant.id), FAILED)

    assert [job.queue for job in waiting_runs(tenant)] == ["slow"]
    assert [turn.score for turn in rows(tenant, Turn)] == [-1, -1, -1]


@pytest.mark.parametrize("vote", [0, 1])
def test_a_verdict_that_is_not_failing_asks_for_nothing(tenant, vote):
    score(tenant, make_turn(tenant.id), {"vote": vote})

    assert waiting_runs(tenant) == []


def test_scoring_a_turn_twice_counts_it_once(tenant):
    version = make_skill(tenant.id).live_version
    turn = make_turn(tenant.id, skills=[(version.id, "iso-dates", 1)])

    score(tenant, turn, FAILED)
    score(tenant, turn, {"vote": 1})

    (stat,) = rows(tenant, SkillStat)
    assert (stat.passed, stat.failed) == (0, 1)
    assert rows(tenant, Turn)[0].score == -1


def test_a_verdict_that_comes_after_the_lease_was_lost_is_dropped(tenant):
    turn, run = make_turn(tenant.id), make_run(tenant.id)
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(id=run.job_id).update(fence=2)

    with pytest.raises(LeaseLost):
        score(tenant, turn, FAILED, run=run)

    assert rows(tenant, Turn)[0].score is None
    assert waiting_runs(tenant) == []


def test_failing_turns_become_a_proposal_with_its_evidence(tenant):
    turn, other = make_turn(tenant.id, score=-1), make_turn(tenant.id, score=-1)

    learn(tenant, lesson(turn.id, other.id))

    (proposal,) = rows(tenant, Proposal)
    assert (proposal.status, proposal.kind, proposal.slug) == ("pending", "create", "iso-dates")
    assert (proposal.text, proposal.sha256) == (make_doc().text, make_doc().sha256)
    assert {one.turn_id for one in rows(tenant, Evidence)} == {turn.id, other.id}
    assert all(one.is_support for one in rows(tenant, Turn))
    assert proposal.checks
    (run,) = rows(tenant, EvolutionRun)
    assert (run.outcome, run.failures_shown, run.author_model) == ("proposed", 2, "fake-1")


def test_nothing_of_a_proposal_is_live(tenant):
    make_proposal(tenant.id)

    assert rows(tenant, Skill) == []


def test_a_lesson_about_a_live_skill_revises_it(tenant):
    live = make_skill(tenant.id).live_version
    turn = make_turn(tenant.id, score=-1)

    # Whatever the evolver calls it: what counts is whether the skill exists.
    learn(tenant, lesson(turn.id, kind="create", body="# Dates\n\n## Steps\n\n1. ISO dates only."))

    (proposal,) = rows(tenant, Proposal)
    assert (proposal.kind, proposal.base_version_id) == ("revise", live.id)


def test_a_lesson_that_is_live_already_proposes_nothing(tenant):
    make_skill(tenant.id)

    learn(tenant, lesson(make_turn(tenant.id, score=-1).id))

    assert rows(tenant, Proposal) == []
    assert [run.outcome for run in rows(tenant, EvolutionRun)] == ["nothing"]


def test_a_proposal_that_waits_gets_more_evidence_and_keeps_its_text(tenant):
    proposal, first = make_proposal(tenant.id)
    second = make_turn(tenant.id, score=-1)

    learn(tenant, lesson(second.id, body="# Something else\n\n## Steps\n\n1. Quite different."))

    (same,) = rows(tenant, Proposal)
    assert (same.id, same.text, same.sha256) == (proposal.id, proposal.text, proposal.sha256)
    assert {one.turn_id for one in rows(tenant, Evidence)} == {first.id, second.id}
    assert [run.outcome for run in rows(tenant, EvolutionRun)] == ["proposed", "extended"]


def test_failures_of_another_pattern_get_a_run_of_their_own(tenant):
    dates, money = make_turn(tenant.id, score=-1), make_turn(tenant.id, score=-1)

    model = learn(tenant, lesson(dates.id))
    next_run = waiting_runs(tenant)
    second = learn(tenant, lesson(money.id, slug="currency-codes"))

    shown = [[f["turn_id"] for f in m.asked[0][1]["failures"]] for m in (model, second)]
    assert shown == [[str(dates.id), str(money.id)], [str(money.id)]]
    assert len(next_run) == 1
    assert [p.slug for p in rows(tenant, Proposal)] == ["iso-dates", "currency-codes"]


@pytest.mark.parametrize(
    "change",
    [
        "I could not think of anything.",
        "{",
        {"name": "../../etc/passwd"},
        {"name": "Iso Dates"},
        {"name": ""},
        {"category": "misc"},
        {"description": ""},
        {"body": "   "},
        {"body": "x" * 6001},
        {"body": "hidden \u0000 control"},
        {"kind": "delete"},
        {"reach": "everywhere"},
        {"evidence_ids": []},
        {"evidence_ids": ["not-an-id"]},
        {"evidence_ids": ["00000000-0000-7000-8000-000000000000"]},
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_used_is_noted_and_proposes_nothing(tenant, change):
    turn = make_turn(tenant.id, score=-1)

    learn(tenant, lesson(turn.id) | change if isinstance(change, dict) else change)

    (run,) = rows(tenant, EvolutionRun)
    assert (run.outcome, bool(run.reason)) == ("invalid", True)
    assert rows(tenant, Proposal) == []
    assert [one.is_support for one in rows(tenant, Turn)] == [False]


def test_turns_that_no_answer_could_be_used_for_are_left_to_people_after_two_tries(tenant):
    make_turn(tenant.id, score=-1)

    models = [learn(tenant, "no idea") for _ in range(3)]

    assert [len(model.asked) for model in models] == [1, 1, 0]


def test_evidence_of_another_workspace_is_ignored(tenant, other_tenant):
    ours, theirs = make_turn(tenant.id, score=-1), make_turn(other_tenant.id, score=-1)

    learn(tenant, lesson(ours.id, theirs.id))

    assert [one.turn_id for one in rows(tenant, Evidence)] == [ours.id]
    assert [one.is_support for one in rows(other_tenant, Turn)] == [False]


def test_the_evolver_is_shown_what_it_needs_and_nothing_secret(tenant):
    make_skill(tenant.id, "iso-dates")
    make_turn(tenant.id, score=1, answer={"role": "assistant", "content": "2026-03-10"})
    secret = "sk-" + "proj-Ab3dEf6hIj9kLmN0pQr5tUv8wXyZ1234567890abcd"
    turn = make_turn(
        tenant.id,
        score=-1,
        messages=[
            {
                "role": "user",
                "content": f"Date of the release? Key {secret}, ada@fernwood-bakery.net",
            }
        ],
    )

    model = learn(tenant, lesson(turn.id, slug="currency-codes"))

    system, question = model.asked[0]
    assert system.startswith("# MetaClaw evolver, prompt version evolver-v2")
    (failure,) = question["failures"]
    assert failure["turn_id"] == str(turn.id)
    assert failure["rationales"] == ["The date is not ISO 8601."]
    assert question["contrast"][0]["response"] == "2026-03-10"
    assert [skill["slug"] for skill in question["nearest_skills"]] == ["iso-dates"]
    told = json.dumps(question)
    assert secret not in told
    assert "ada@fernwood-bakery.net" not in told
    assert "[redacted:" in told


def test_what_the_evolver_leaks_is_taken_out_of_its_text(tenant):
    turn = make_turn(tenant.id, score=-1)
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"

    learn(tenant, lesson(turn.id, body=f"# Dates\n\n## Steps\n\n1. Log in with {secret}."))

    assert all(secret not in proposal.text for proposal in rows(tenant, Proposal))


def test_ids_of_turns_are_never_mistaken_for_something_secret(tenant):
    """The evolver has to name them in its answer."""
    turns = [make_turn(tenant.id, score=-1) for _ in range(20)]

    model = learn(tenant, lesson(*[turn.id for turn in turns]))

    shown = {failure["turn_id"] for failure in model.asked[0][1]["failures"]}
    assert shown <= {str(turn.id) for turn in turns}


def test_reasons_of_rejections_are_shown_next_time(tenant):
    proposal, _ = make_proposal(tenant.id)
    services.proposal_reject(
        tenant_id=tenant.id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        reason="vague",
        comment="Say which time zone.",
    )

    model = learn(tenant, lesson(make_turn(tenant.id, score=-1).id))

    assert model.asked[0][1]["rejections"] == [
        {"slug": "iso-dates", "reason": "vague", "comment": "Say which time zone."}
    ]


def test_a_rejected_name_may_be_proposed_again(tenant):
    first, _ = make_proposal(tenant.id)
    services.proposal_reject(
        tenant_id=tenant.id, reviewer=Reviewer(SYSTEM), proposal_id=first.id, reason="other"
    )

    second, _ = make_proposal(tenant.id)

    assert second.id != first.id


def test_without_failures_nobody_is_asked(tenant):
    make_turn(tenant.id, score=1)

    assert learn(tenant, "unused").asked == []


def test_a_provider_that_fails_leaves_everything_as_it_was(tenant):
    make_turn(tenant.id, score=-1)

    with pytest.raises(UpstreamFailed):
        learn(tenant, UpstreamFailed("quota", permanent=False))

    assert rows(tenant, EvolutionRun) == []
    assert rows(tenant, Turn)[0].evolve_attempts == 0


def test_a_run_that_lost_its_lease_proposes_nothing(tenant):
    make_policy(tenant.id)
    turn, run = make_turn(tenant.id, score=-1), make_run(tenant.id)
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(id=run.job_id).update(fence=2)

    with pytest.raises(LeaseLost):
        services.evolution_run(run=run, model=FakeModel(lesson(turn.id)), is_simulated=False)

    assert rows(tenant, Proposal) == []
