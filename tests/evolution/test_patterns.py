"""One pattern, one proposal; enough sessions or none at all; what cannot be used is given up."""

import random
from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.errors import ClusterBusy
from apps.evolution.models import (
    ClusteredTurn,
    Evidence,
    EvolutionRun,
    FailureCluster,
    Proposal,
)
from apps.evolution.services.learning import sorting
from apps.jobs.models import Job
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn
from apps.trajectories.services import score_record, turns_record
from apps.usage.services import price_set
from apps.usage.types import Price
from tests.factories import (
    lesson,
    make_cluster,
    make_policy,
    make_record,
    make_run,
    make_skill,
    make_turn,
    make_verdict,
)
from tests.fakes import FakeModel

ASKED = {
    "dates": ("When is the release?", "The date is not written as YYYY-MM-DD."),
    "money": ("What does the annual plan cost?", "The amount lacks the currency code."),
    "backup": ("Change the port in app.ini.", "The file was overwritten, no copy was kept."),
}


def fail(tenant, pattern="dates", session=None):
    asked, reason = ASKED[pattern]
    record = make_record(
        tenant.id,
        messages=[{"role": "user", "content": f"{asked} Number {uuid7()}."}],
        session_id=session or uuid7(),
    )
    turns_record(tenant_id=tenant.id, records=[record])
    with tenant_tx(tenant.id):
        verdict = make_verdict(-1, reason)
        score_record(tenant_id=tenant.id, turn_id=record.id, verdict=verdict)
        return Turn.objects.for_tenant(tenant.id).get(id=record.id)


def learn(tenant, *answers, run=None, **options):
    model = FakeModel(*answers)
    services.evolution_run(
        run=run or make_run(tenant.id), model=model, is_simulated=False, **options
    )
    return model


def rows(tenant, model, **filters):
    with tenant_tx(tenant.id):
        return list(model.objects.for_tenant(tenant.id).filter(**filters).order_by("id"))


def states(tenant):
    return [cluster.state for cluster in rows(tenant, FailureCluster)]


def shown(model):
    return [failure["turn_id"] for failure in model.asked[0][1]["failures"]]


def test_a_pattern_of_one_session_waits_until_another_session_shows_it(tenant):
    session = uuid7()
    first, again = fail(tenant, session=session), fail(tenant, session=session)

    assert learn(tenant, "unused").asked == []
    assert states(tenant) == ["waiting"]

    other = fail(tenant)
    learn(tenant, lesson(first.id, again.id, other.id))

    assert states(tenant) == ["proposed"]
    assert {one.turn_id for one in rows(tenant, Evidence)} == {first.id, again.id, other.id}


def test_the_evolver_sees_one_pattern_at_a_time(tenant):
    make_policy(tenant.id)
    dates, money = fail(tenant, "dates"), fail(tenant, "money")
    also_dates = fail(tenant, "dates")

    first = learn(tenant, lesson(dates.id, also_dates.id))
    second = learn(tenant, lesson(money.id, slug="currency-codes"))

    assert shown(first) == [str(dates.id), str(also_dates.id)]
    assert shown(second) == [str(money.id)]
    assert states(tenant) == ["proposed", "proposed"]


def test_a_turn_of_every_session_is_shown_before_a_second_of_one(tenant):
    session = uuid7()
    first, second = fail(tenant, session=session), fail(tenant, session=session)
    other = fail(tenant)

    model = learn(tenant, lesson(first.id, other.id))

    assert shown(model) == [str(first.id), str(other.id), str(second.id)]


def test_a_new_failure_joins_the_pattern_that_is_known(tenant):
    fail(tenant)
    learn(tenant, "unused")
    (cluster,) = rows(tenant, FailureCluster)

    fail(tenant, "money")
    fail(tenant)
    make_policy(tenant.id, is_paused=True)
    learn(tenant, "unused")

    assert len(rows(tenant, ClusteredTurn, cluster=cluster)) == 2
    assert states(tenant) == ["waiting", "waiting"]


def test_evidence_of_too_few_sessions_makes_no_proposal(tenant):
    first, _ = fail(tenant), fail(tenant)

    learn(tenant, lesson(first.id))

    assert rows(tenant, Proposal) == []
    (run,) = rows(tenant, EvolutionRun)
    assert (run.outcome, "1, not 2" in run.reason) == ("invalid", True)


@pytest.mark.parametrize("seed", range(8))
def test_no_proposal_ever_has_evidence_of_fewer_sessions_than_the_policy_asks_for(tenant, seed):
    """Any failures in any sessions, any policy, an evolver that names any of them."""
    chance = random.Random(seed)
    least = chance.randint(1, 4)
    make_policy(tenant.id, min_sessions=least)
    sessions = [uuid7() for _ in range(5)]

    for number in range(12):
        turn = fail(tenant, chance.choice(list(ASKED)), chance.choice(sessions))
        known = [one.id for one in rows(tenant, Turn)]
        named = chance.sample(known, chance.randint(1, len(known)))
        learn(tenant, lesson(turn.id, *named, slug=f"skill-{number}"))

    by_proposal = {
        proposal.id: {one.session_id for one in rows(tenant, Evidence, proposal=proposal)}
        for proposal in rows(tenant, Proposal)
    }
    assert all(len(found) >= least for found in by_proposal.values())
    assert by_proposal or least > 2  # it was a real test


def test_what_cannot_be_used_twice_is_given_up_with_its_reason(tenant):
    make_policy(tenant.id)
    fail(tenant)

    models = [learn(tenant, "no idea") for _ in range(3)]

    assert [len(model.asked) for model in models] == [1, 1, 0]
    (cluster,) = rows(tenant, FailureCluster)
    assert (cluster.state, cluster.tries) == ("dead", 2)
    assert cluster.reason == "The evolver did not answer in JSON."
    assert [run.outcome for run in rows(tenant, EvolutionRun)] == ["invalid", "dead"]


def test_failures_like_those_that_were_given_up_are_put_with_them(tenant):
    make_policy(tenant.id)
    fail(tenant)
    for _ in range(2):
        learn(tenant, "no idea")

    fail(tenant)

    assert learn(tenant, "unused").asked == []
    assert states(tenant) == ["dead"]


def test_a_person_can_have_it_tried_again(tenant):
    make_policy(tenant.id)
    turn = fail(tenant)
    for _ in range(2):
        learn(tenant, "no idea")
    (cluster,) = rows(tenant, FailureCluster)

    services.cluster_retry(tenant_id=tenant.id, actor=SYSTEM, cluster_id=cluster.id)
    assert rows(tenant, Job, kind=services.EVOLVE_KIND, status="queued", dedupe_key="tenant")
    learn(tenant, lesson(turn.id))

    assert states(tenant) == ["proposed"]


def test_what_is_answered_already_is_not_tried_again(tenant):
    make_policy(tenant.id)
    learn(tenant, lesson(fail(tenant).id))
    (cluster,) = rows(tenant, FailureCluster)

    with pytest.raises(ClusterBusy):
        services.cluster_retry(tenant_id=tenant.id, actor=SYSTEM, cluster_id=cluster.id)


def test_two_workers_never_ask_about_the_same_pattern(tenant):
    make_policy(tenant.id)
    dates, money = fail(tenant, "dates"), fail(tenant, "money")

    class Meanwhile(FakeModel):
        def complete(self, **asked):
            self.other = learn(tenant, lesson(money.id, slug="currency-codes"))
            return super().complete(**asked)

    model = Meanwhile(lesson(dates.id))
    services.evolution_run(run=make_run(tenant.id), model=model, is_simulated=False)

    assert (shown(model), shown(model.other)) == ([str(dates.id)], [str(money.id)])
    assert len(rows(tenant, Proposal)) == 2


def test_whoever_takes_over_a_job_goes_on_with_the_same_pattern(tenant):
    make_policy(tenant.id)
    first, run = fail(tenant), make_run(tenant.id)
    fail(tenant, "money")

    class Killed(FakeModel):
        def complete(self, **asked):
            raise SystemExit

    with pytest.raises(SystemExit):
        services.evolution_run(run=run, model=Killed(""), is_simulated=False)
    assert states(tenant) == ["proposing", "waiting"]

    model = learn(tenant, lesson(first.id), run=run)

    assert shown(model) == [str(first.id)]
    assert states(tenant) == ["proposed", "waiting"]


def test_a_claim_that_nobody_holds_any_more_is_free_again(tenant):
    make_policy(tenant.id)
    turn = make_turn(tenant.id, score=-1)
    make_cluster(
        tenant.id, turn, state="proposing", job_id=uuid7(), claimed_at=now() - timedelta(hours=5)
    )

    learn(tenant, lesson(turn.id))

    assert states(tenant) == ["proposed"]


def test_failures_of_last_week_are_forgotten(tenant):
    turn = fail(tenant)
    learn(tenant, "unused")
    old = now() - timedelta(days=8)
    with tenant_tx(tenant.id):
        ClusteredTurn.objects.for_tenant(tenant.id).update(created_at=old)
        Turn.objects.for_tenant(tenant.id).filter(id=turn.id).update(is_support=True)

    learn(tenant, "unused")

    assert rows(tenant, FailureCluster) == []


@pytest.mark.parametrize(
    "policy, reached",
    [
        ({"daily_runs": 1}, True),
        ({"daily_runs": 2}, False),
        ({"daily_tokens": 15}, True),
        ({"daily_tokens": 16}, False),
        ({"daily_micros": 35}, True),
        ({"daily_micros": 36}, False),
    ],
    ids=str,
)
def test_a_day_has_its_limits(tenant, policy, reached):
    """The evolver of these tests takes 10 tokens in and 5 out: 10 * 2 + 5 * 3 micros."""
    make_policy(tenant.id, **policy)
    price = Price(2_000_000, 3_000_000, 0, 0)
    price_set(tenant_id=tenant.id, actor=SYSTEM, pattern="fake-1", price=price)
    learn(tenant, lesson(fail(tenant, "dates").id))
    fail(tenant, "money")
    # What the first run's own failures asked for is not what is looked at.
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(status="queued").delete()

    model = learn(tenant, "no idea")

    assert (model.asked == []) is reached
    assert rows(tenant, EvolutionRun)[0].cost_micros == 35
    tomorrow = rows(tenant, Job, status="queued", dedupe_key="tomorrow")
    assert [job.run_after > now() for job in tomorrow] == ([True] if reached else [])


def test_a_run_of_a_model_without_a_price_has_no_cost(tenant):
    make_policy(tenant.id)

    learn(tenant, lesson(fail(tenant, "dates").id))
    learn(tenant, lesson(fail(tenant, "money").id, slug="currency-codes"), is_free=True)

    assert [run.cost_micros for run in rows(tenant, EvolutionRun)] == [None, 0]


def test_the_evolver_is_shown_passing_turns_like_the_failing_ones_and_errors_of_tools(tenant):
    make_policy(tenant.id)
    near = [{"role": "user", "content": "When is the release of the next version?"}]
    make_turn(tenant.id, score=1, messages=near)
    for word in ("soup", "rain", "trains", "poetry"):
        make_turn(tenant.id, score=1, messages=[{"role": "user", "content": f"Tell me of {word}"}])
    turn = make_turn(
        tenant.id,
        score=-1,
        messages=[
            {"role": "user", "content": "When is the release?"},
            {"role": "tool", "content": "Error: no calendar of that name"},
            {"role": "tool", "content": "release: 10 March"},
        ],
        user_text="When is the release?",
    )

    model = learn(tenant, lesson(turn.id))

    (_, asked) = model.asked[0]
    assert asked["contrast"][0]["user"] == "When is the release of the next version?"
    assert asked["failures"][0]["tool_errors"] == ["Error: no calendar of that name"]


def test_skills_that_were_in_the_prompts_are_shown(tenant):
    make_policy(tenant.id)
    live = make_skill(
        tenant.id, "tea-time", description="Use when somebody asks for tea or coffee."
    ).live_version
    turn = make_turn(tenant.id, score=-1, skills=[(live.id, "tea-time", 1)])

    model = learn(tenant, lesson(turn.id))

    assert [skill["slug"] for skill in model.asked[0][1]["nearest_skills"]] == ["tea-time"]


def test_in_the_mode_of_summaries_every_session_that_ended_counts(tenant):
    from apps.trajectories.services import session_close

    make_policy(tenant.id, evidence="summarize", min_sessions=2)
    first, second = (make_turn(tenant.id, score=1) for _ in range(2))
    running = make_turn(tenant.id, score=-1)
    for turn in (first, second):
        session_close(tenant_id=tenant.id, session_id=turn.session_id)

    model = learn(tenant, lesson(first.id, second.id))

    assert shown(model) == [str(first.id), str(second.id)]
    (_, asked) = model.asked[0]
    assert asked["evidence"] == "summaries"
    assert asked["failures"][0]["asked"] == "When is the release?"
    assert running.id not in {one.turn_id for one in rows(tenant, ClusteredTurn)}
    assert len(rows(tenant, Proposal)) == 1


def test_with_an_embedder_failures_are_compared_and_kept_by_meaning(tenant, monkeypatch):
    make_policy(tenant.id, min_sessions=2)
    monkeypatch.setattr(sorting, "is_configured", lambda: True)
    monkeypatch.setattr(sorting, "embed", lambda texts: [(1.0, 0.5) for _ in texts])
    turns = [
        make_turn(tenant.id, score=-1, messages=[{"role": "user", "content": text}])
        for text in ("When is the release?", "Wann ist das Treffen?")
    ]
    model = FakeModel(lesson(turns[0].id))

    services.evolution_run(run=make_run(tenant.id), model=model, is_simulated=False)
    later = make_turn(
        tenant.id, score=-1, messages=[{"role": "user", "content": "À quelle heure ?"}]
    )
    services.evolution_run(run=make_run(tenant.id), model=model, is_simulated=False)

    with tenant_tx(tenant.id):
        members = list(ClusteredTurn.objects.for_tenant(tenant.id))
    assert {member.turn_id for member in members} == {*(turn.id for turn in turns), later.id}
    assert len({member.cluster_id for member in members}) == 1
    assert all(len(member.vector) == 4 for member in members)
