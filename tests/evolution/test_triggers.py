"""What makes the evolver be asked: each trigger by causing it."""

import pytest

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.errors import LearningPaused
from apps.evolution.models import EvolutionRun, FailureCluster
from apps.evolution.tasks import sweep_triggers
from apps.jobs.models import Job
from apps.tenants.types import SYSTEM
from apps.trajectories.services import session_close
from tests.factories import lesson, make_policy, make_run, make_turn
from tests.fakes import FakeModel


def asked(tenant):
    """What the waiting runs were asked for; a run that only sorts was asked for nothing."""
    with tenant_tx(tenant.id):
        jobs = Job.objects.for_tenant(tenant.id).filter(kind=services.EVOLVE_KIND, status="queued")
        return [payload.get("trigger") for payload in jobs.values_list("payload", flat=True)]


def forget_what_was_asked(tenant):
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(kind=services.EVOLVE_KIND).delete()


def fail(tenant, run=None):
    services.turn_score(
        run=run or make_run(tenant.id),
        turn_id=make_turn(tenant.id).id,
        model=FakeModel({"vote": -1, "rationale": "The date is not ISO 8601."}),
        is_simulated=False,
    )


def test_by_default_a_failing_turn_asks(tenant):
    fail(tenant)

    assert asked(tenant) == ["failure"]


@pytest.mark.parametrize("policy", [{"on_failure": False}, {"is_paused": True}], ids=str)
def test_without_that_trigger_failures_are_sorted_and_nobody_is_asked(tenant, policy):
    make_policy(tenant.id, **policy)

    fail(tenant)
    assert asked(tenant) == [None]
    model = FakeModel("unused")
    run = make_run(tenant.id, only_sorts=True)
    services.evolution_run(run=run, model=model, is_simulated=False)

    assert model.asked == []
    with tenant_tx(tenant.id):
        assert FailureCluster.objects.for_tenant(tenant.id).get().state == "waiting"


def test_the_end_of_a_session_asks_once(tenant):
    make_policy(tenant.id, on_failure=False)
    services.learning_policy_set(tenant_id=tenant.id, actor=SYSTEM, on_session_end=True)
    turn = make_turn(tenant.id)

    sweep_triggers()
    assert asked(tenant) == []
    session_close(tenant_id=tenant.id, session_id=turn.session_id)
    sweep_triggers()
    assert asked(tenant) == ["session_end"]
    forget_what_was_asked(tenant)
    sweep_triggers()
    assert asked(tenant) == []


def test_every_so_many_main_turns_ask(tenant):
    make_policy(tenant.id, on_failure=False)
    make_turn(tenant.id)  # before the trigger was set: none of its business
    services.learning_policy_set(tenant_id=tenant.id, actor=SYSTEM, every_turns=3)

    make_turn(tenant.id, kind="side")
    for expected in ([], [], ["turns"]):
        make_turn(tenant.id, session_id=uuid7())
        sweep_triggers()
        assert asked(tenant) == expected
    forget_what_was_asked(tenant)
    make_turn(tenant.id)
    sweep_triggers()

    assert asked(tenant) == []


@pytest.mark.parametrize(
    "scores, expected",
    [
        ([1, 1, 1, -1, -1], ["success"]),
        ([1, 1, 1, 1, -1], []),
        ([-1, -1, -1, -1], []),  # too few to say
        ([-1, -1, -1, 0, 0, 0], []),  # neither good nor bad is no success and no failure
        ([-1, -1, 1, 1, 1, 1], []),  # of the latest five: 4 of 5
        ([1, -1, -1, -1, 1, 1], ["success"]),
    ],
)
def test_a_success_rate_below_the_threshold_asks(tenant, scores, expected):
    make_policy(tenant.id, on_failure=False, success_below=70, success_window=5)
    for score in scores:
        make_turn(tenant.id, score=score)

    sweep_triggers()

    assert asked(tenant) == expected


def test_the_turns_of_one_window_ask_once(tenant):
    make_policy(tenant.id, on_failure=False, success_below=70, success_window=5)
    for _ in range(5):
        make_turn(tenant.id, score=-1)
    sweep_triggers()
    forget_what_was_asked(tenant)

    for _ in range(4):
        make_turn(tenant.id, score=-1)
        sweep_triggers()
        assert asked(tenant) == []
    make_turn(tenant.id, score=-1)
    sweep_triggers()

    assert asked(tenant) == ["success"]


def test_manual_only(tenant):
    make_policy(tenant.id, on_failure=False)
    for _ in range(3):
        fail(tenant)
    sweep_triggers()
    assert asked(tenant) == [None]

    services.run_ask(tenant_id=tenant.id, actor=SYSTEM)

    assert sorted(asked(tenant), key=str) == [None, "manual"]


def test_while_it_is_paused_nothing_asks(tenant):
    make_policy(
        tenant.id,
        is_paused=True,
        on_session_end=True,
        every_turns=1,
        success_below=90,
        success_window=5,
    )
    for _ in range(5):
        turn = make_turn(tenant.id, score=-1)
        session_close(tenant_id=tenant.id, session_id=turn.session_id)
    sweep_triggers()

    assert asked(tenant) == []
    with pytest.raises(LearningPaused):
        services.run_ask(tenant_id=tenant.id, actor=SYSTEM)
    model = FakeModel("unused")
    services.evolution_run(run=make_run(tenant.id), model=model, is_simulated=False)
    assert model.asked == []


def test_a_run_says_what_asked_for_it(tenant):
    make_policy(tenant.id)
    turn = make_turn(tenant.id, score=-1)

    services.evolution_run(
        run=make_run(tenant.id, trigger="manual"),
        model=FakeModel(lesson(turn.id)),
        is_simulated=False,
    )

    with tenant_tx(tenant.id):
        assert EvolutionRun.objects.for_tenant(tenant.id).get().trigger == "manual"
