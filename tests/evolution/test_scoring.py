"""What is said of a turn, what it comes to, and what follows: counts of skills, evolution."""

from datetime import timedelta
from random import Random

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.jobs.models import Job
from apps.skills.models import SkillStat
from apps.tenants.types import Actor
from apps.trajectories import selectors
from apps.trajectories import services as trajectories
from apps.trajectories.errors import TurnNotFound
from apps.trajectories.models import Score, Session, Turn
from apps.trajectories.services import SCORES_KIND
from apps.trajectories.types import GivenScore
from tests.factories import make_run, make_skill, make_turn, make_verdict
from tests.fakes import FakeModel
from tests.trajectories.test_recording import talk

ANA, BEN = Actor("user", "u-1", "Ana"), Actor("user", "u-2", "Ben")
APP = Actor("key", "k-1", "shop")


def of(turn) -> tuple[int | None, float | None, str]:
    with tenant_tx(turn.tenant_id):
        row = Turn.objects.for_tenant(turn.tenant_id).get(id=turn.id)
    return row.score, row.reward, row.reward_source


def scores(turn) -> list[Score]:
    with tenant_tx(turn.tenant_id):
        found = Score.objects.for_tenant(turn.tenant_id).filter(turn_id=turn.id)
        return list(found.order_by("id"))


def jobs(tenant, kind) -> list[Job]:
    with tenant_tx(tenant.id):
        waiting = Job.objects.for_tenant(tenant.id).filter(kind=kind, status="queued")
        return list(waiting.order_by("id"))


def take(tenant) -> None:
    """What a worker does with the scores that wait."""
    for job in jobs(tenant, SCORES_KIND):
        with tenant_tx(tenant.id):
            Job.objects.for_tenant(tenant.id).filter(id=job.id).update(status="done")
        services.scores_take(run=make_run(tenant.id, SCORES_KIND, **job.payload))


def feedback(turn, value, by=APP, comment=""):
    services.feedback_give(
        tenant_id=turn.tenant_id, actor=by, turn_id=turn.id, value=value, comment=comment
    )


def verdict(turn, value, by=ANA, comment=""):
    services.verdict_give(
        tenant_id=turn.tenant_id, actor=by, turn_id=turn.id, value=value, comment=comment
    )


def judged(turn, vote):
    services.turn_score(
        run=make_run(turn.tenant_id),
        turn_id=turn.id,
        model=FakeModel({"vote": vote, "rationale": "because"}),
        is_simulated=False,
    )


def test_a_reviewer_stands_above_feedback_and_that_above_the_judge(tenant):
    turn = make_turn(tenant.id)
    seen = [of(turn)]

    judged(turn, 1)
    seen.append(of(turn))
    feedback(turn, -1)
    seen.append(of(turn))
    verdict(turn, 0)
    seen.append(of(turn))

    assert seen == [
        (None, None, ""),
        (1, 1.0, "judge"),
        (-1, -0.8, "explicit"),
        (0, 0.0, "human"),
    ]


def test_taking_a_score_back_restores_what_was(tenant):
    turn = make_turn(tenant.id)
    judged(turn, 1)
    before = of(turn)
    verdict(turn, -1)

    services.score_take_back(tenant_id=tenant.id, actor=ANA, turn_id=turn.id, kind="human")
    services.score_take_back(tenant_id=tenant.id, actor=BEN, turn_id=turn.id, kind="human")

    assert of(turn) == before
    assert [score.kind for score in scores(turn)] == ["judge"]


def test_saying_it_again_replaces_it_and_others_keep_theirs(tenant):
    turn = make_turn(tenant.id)

    verdict(turn, -1, comment="No.")
    verdict(turn, 1, comment="On second thoughts.")
    verdict(turn, -1, by=BEN)

    assert [(s.author, s.value, s.comment) for s in scores(turn)] == [
        ("Ana", 1, "On second thoughts."),
        ("Ben", -1, ""),
    ]
    assert of(turn) == (0, 0.0, "human")


def test_what_was_said_last_counts_in_whatever_order_it_arrives(tenant):
    turn, at = make_turn(tenant.id), now()
    said = [
        GivenScore(turn.id, "explicit", value, 0.9, at + timedelta(seconds=n), author_id=author)
        for n, (value, author) in enumerate([(-1, "a"), (1, "a"), (0.2, "b"), (-0.5, "b")])
    ]
    said += [GivenScore(turn.id, "implicit", -1, 0.3, at, source="tool_error")]
    found = set()

    for seed in range(6):
        Random(seed).shuffle(said)
        with tenant_tx(tenant.id):
            Score.objects.for_tenant(tenant.id).delete()
            for one in said[:3]:
                trajectories.scores_put(tenant_id=tenant.id, scores=[one])
            trajectories.scores_put(tenant_id=tenant.id, scores=said[3:])
        found.add(of(turn))

    assert len(found) == 1
    assert {(s.author_id, s.value) for s in scores(turn)} == {("a", 1), ("b", -0.5), ("", -1)}


def test_counts_of_skills_follow_an_outcome_that_changes(tenant):
    version = make_skill(tenant.id).live_version
    turn = make_turn(tenant.id, skills=[(version.id, "iso-dates", 1)])

    def counted():
        with tenant_tx(tenant.id):
            stats = SkillStat.objects.for_tenant(tenant.id)
            return [(one.passed, one.failed) for one in stats]

    seen = []
    for step in (
        lambda: judged(turn, -1),
        lambda: feedback(turn, 1),
        lambda: feedback(turn, 1),
        lambda: verdict(turn, 0),
        lambda: services.score_take_back(
            tenant_id=tenant.id, actor=ANA, turn_id=turn.id, kind="human"
        ),
        lambda: verdict(turn, -1),
    ):
        step()
        seen.append(counted())

    assert seen == [[(0, 1)], [(1, 0)], [(1, 0)], [(0, 0)], [(1, 0)], [(0, 1)]]


@pytest.mark.parametrize("say", [feedback, verdict])
def test_what_is_found_failing_asks_for_one_evolution_run(tenant, say):
    first, second = make_turn(tenant.id), make_turn(tenant.id)

    say(first, 1)
    none_yet = jobs(tenant, services.EVOLVE_KIND)
    say(first, -1)
    say(second, -1)

    assert none_yet == []
    assert len(jobs(tenant, services.EVOLVE_KIND)) == 1


def test_the_evolver_reads_what_people_wrote_before_what_the_judge_did(tenant):
    turn = make_turn(tenant.id, score=-1)
    feedback(turn, -1, comment="The customer wants ISO dates.")

    with tenant_tx(tenant.id):
        (read,) = selectors.evidence_turns(tenant_id=tenant.id, turn_ids=[turn.id])

    assert read.rationales == ["The customer wants ISO dates.", make_verdict(-1).rationale]


def test_a_judge_is_not_asked_twice(tenant):
    turn, model = make_turn(tenant.id, score=1), FakeModel({"vote": -1})

    services.turn_score(run=make_run(tenant.id), turn_id=turn.id, model=model, is_simulated=False)

    assert model.asked == []


def test_a_turn_that_nobody_has_cannot_be_rated(tenant, other_tenant):
    foreign = make_turn(other_tenant.id)

    for turn_id in (foreign.id, uuid7()):
        with pytest.raises(TurnNotFound):
            services.feedback_give(
                tenant_id=tenant.id, actor=APP, turn_id=turn_id, value=1, comment=""
            )
        with pytest.raises(TurnNotFound):
            services.score_take_back(
                tenant_id=tenant.id, actor=APP, turn_id=turn_id, kind="explicit"
            )
    assert scores(foreign) == []


# --- the course of a conversation


def test_the_users_next_message_rates_the_answer_before_it(tenant):
    first = talk(tenant, "When is the release of version two?")
    before = of(first)
    reply = "That is wrong, use ISO dates."
    talk(tenant, "When is the release of version two?", f"re {first.user_text}", reply)
    take(tenant)

    (score,) = scores(first)
    assert before == (None, None, "")
    assert (score.kind, score.source, score.value) == ("implicit", "corrects", -1)
    assert of(first) == (-1, -0.7, "implicit")
    assert len(jobs(tenant, services.EVOLVE_KIND)) == 1


def test_the_judge_is_still_asked_about_a_turn_that_has_a_signal(tenant):
    first = talk(tenant, "one")
    talk(tenant, "one", "re one", "That is wrong.")
    take(tenant)

    talk(tenant, "one", "re one", "Thanks!")
    (asked,) = [
        job for job in jobs(tenant, trajectories.JUDGE_KIND) if job.dedupe_key == str(first.id)
    ]
    judged(first, 1)

    assert asked.run_after <= now()
    assert of(first)[2] == "judge"


def test_a_comparison_of_sessions_waits_for_the_judge_where_there_is_a_signal_only(tenant):
    first = talk(tenant, "one")
    talk(tenant, "one", "re one", "That is wrong.", answer=None, status="client_aborted")
    take(tenant)

    def unscored():
        with tenant_tx(tenant.id):
            (result,) = selectors.session_results(
                tenant_id=tenant.id, since=[(first.session_id, first.id)]
            )
        return result.unscored, result.score

    before = unscored()
    judged(first, 1)

    assert (before, unscored()) == ((1, -1), (0, 1))


def test_a_session_that_just_goes_on_leaves_nothing(tenant):
    first = talk(tenant, "one")
    talk(tenant, "one", "re one", "And what about two?")

    assert jobs(tenant, SCORES_KIND) == []
    assert scores(first) == []


def test_a_job_that_is_done_twice_says_nothing_twice(tenant):
    first = talk(tenant, "one")
    talk(tenant, "one", "re one", "That is wrong.")
    (job,) = jobs(tenant, SCORES_KIND)

    for _ in range(2):
        services.scores_take(run=make_run(tenant.id, SCORES_KIND, **job.payload))

    assert len(scores(first)) == 1


def idle(tenant):
    with tenant_tx(tenant.id):
        long_ago = now() - timedelta(days=2)
        Session.objects.for_tenant(tenant.id).update(last_turn_at=long_ago)
    trajectories.sessions_close_idle()
    take(tenant)


def test_a_user_who_complains_and_leaves_has_given_up(tenant):
    talk(tenant, "one")
    last = talk(tenant, "one", "re one", "That is wrong.")

    idle(tenant)

    (score,) = scores(last)
    assert (score.source, score.value, score.confidence) == ("abandons", -1, 0.4)
    # Too little to say how it went.
    assert of(last) == (None, -0.4, "implicit")


def test_a_session_that_ends_as_most_do_leaves_nothing(tenant):
    last = talk(tenant, "one")

    idle(tenant)

    assert scores(last) == []


# --- feedback that comes before its turn


def given(turn_id, value=1.0):
    return GivenScore(turn_id, "explicit", value, 0.9, now(), author="shop", author_id="k-1")


def test_feedback_waits_for_its_turn(tenant):
    turn_id = uuid7()
    trajectories.scores_queue(tenant_id=tenant.id, scores=[given(turn_id, -1)])

    take(tenant)
    (waiting,) = jobs(tenant, SCORES_KIND)
    turn = make_turn(tenant.id, id=turn_id)
    take(tenant)

    assert waiting.run_after > now()
    assert of(turn) == (-1, -0.9, "explicit")
    assert jobs(tenant, SCORES_KIND) == []


def test_feedback_on_a_turn_that_never_comes_is_let_go(tenant):
    trajectories.scores_queue(tenant_id=tenant.id, scores=[given(uuid7())])

    tries = 0
    while jobs(tenant, SCORES_KIND):
        take(tenant)
        tries += 1

    assert 3 < tries < 10


def test_not_more_than_so_much_feedback_waits(tenant, monkeypatch):
    monkeypatch.setattr("apps.trajectories.services.saying._WAITING_MOST", 2)
    for _ in range(5):
        services.scores_take(
            run=make_run(
                tenant.id,
                SCORES_KIND,
                scores=[
                    {
                        "turn_id": str(uuid7()),
                        "kind": "explicit",
                        "value": 1,
                        "confidence": 0.9,
                        "at": now().isoformat(),
                    }
                ],
                tries=0,
            )
        )

    assert len(jobs(tenant, SCORES_KIND)) == 2


def test_a_signal_about_a_turn_that_is_gone_does_not_wait(tenant):
    lost = GivenScore(uuid7(), "implicit", -1, 0.7, now(), source="corrects")
    trajectories.scores_queue(tenant_id=tenant.id, scores=[lost])

    take(tenant)

    assert jobs(tenant, SCORES_KIND) == []


def test_many_at_once_are_one_job_and_each_counts(tenant):
    turns = [make_turn(tenant.id) for _ in range(3)]
    trajectories.scores_queue(tenant_id=tenant.id, scores=[given(turn.id) for turn in turns])

    assert len(jobs(tenant, SCORES_KIND)) == 1
    take(tenant)

    assert [of(turn)[0] for turn in turns] == [1, 1, 1]
