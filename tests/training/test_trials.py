"""A checkpoint on trial among people: promoted, taken back, or neither, by its sessions."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.jobs.errors import LeaseLost
from apps.jobs.models import Job
from apps.tenants.types import Actor
from apps.training.models import Checkpoint, CheckpointSession, CheckpointTrial
from apps.training.selectors import checkpoints as selectors
from apps.training.services import checkpoints as services
from apps.training.services.checkpoints.comparing import finding
from apps.trajectories.models import Session
from tests.factories import make_run, make_turn
from tests.training.factories import make_checkpoint, make_policy
from tests.training.test_serving import path, routes, statuses

ADA = Actor("user", "1", "Ada")
BASE = "local/demo-1"


@pytest.fixture
def policy(tenant) -> Any:
    return make_policy(tenant.id, route_model="helper", canary_sessions=60)


def begun(policy: Any, share: float = 0.5, step: int = 2) -> CheckpointTrial:
    checkpoint = make_checkpoint(policy, step, status="passed")
    services.checkpoint_canary(
        tenant_id=policy.tenant_id, actor=ADA, checkpoint_id=checkpoint.id, share=share
    )
    return newest(policy)


def newest(policy: Any) -> CheckpointTrial:
    with tenant_tx(policy.tenant_id):
        found = CheckpointTrial.objects.for_tenant(policy.tenant_id).order_by("-id").first()
        assert found is not None
        return found


def session(policy: Any, served: str, *scores: int | None, **fields: Any) -> Any:
    """One that is over, answered by ``served``."""
    session_id = uuid7()
    for number, score in enumerate(scores):
        make_turn(
            policy.tenant_id,
            session_id=session_id,
            score=score,
            messages=[{"role": "user", "content": f"Question {number}?"}],
            **{"model": "helper", "served_model": served, "started_at": now(), **fields},
        )
    with tenant_tx(policy.tenant_id):
        rows = Session.objects.for_tenant(policy.tenant_id).filter(id=session_id)
        rows.update(closed_at=now())
    return session_id


def look(trial: CheckpointTrial) -> CheckpointTrial:
    services.trial_look(run=make_run(trial.tenant_id), trial_id=trial.id)
    with tenant_tx(trial.tenant_id):
        return CheckpointTrial.objects.for_tenant(trial.tenant_id).get(id=trial.id)


def sessions_of(trial: CheckpointTrial) -> list[CheckpointSession]:
    with tenant_tx(trial.tenant_id):
        return selectors.trial_sessions(trial=trial)


def test_a_canary_that_does_better_is_promoted(policy):
    trial = begun(policy)
    for _ in range(12):
        session(policy, path(2), 1)
        session(policy, BASE, -1)

    found = look(trial)

    assert found.status == "promoted"
    assert found.result["candidate_sessions"] == found.result["baseline_sessions"] == 12
    assert statuses(policy) == {2: "serving"}
    assert routes(policy) == {"helper": [(path(2), 1000)]}


def test_a_canary_that_does_worse_is_taken_back(policy):
    make_checkpoint(policy, 1, status="serving")
    trial = begun(policy)
    for _ in range(12):
        session(policy, path(2), -1)
        session(policy, path(1), 1)

    found = look(trial)

    assert found.status == "rolled_back"
    assert "it does worse" in found.note
    assert statuses(policy) == {1: "serving", 2: "rejected"}
    assert routes(policy) == {"helper": [(path(1), 1000)]}


def test_a_canary_whose_requests_fail_is_taken_back(policy):
    trial = begun(policy)
    for _ in range(25):
        session(policy, path(2), None, status="upstream_error")
        session(policy, BASE, 1)

    found = look(trial)

    assert (found.status, statuses(policy)) == ("rolled_back", {2: "rejected"})
    assert "fails or refuses more requests" in found.note


def test_without_a_difference_it_serves_nobody_and_a_person_decides(policy):
    trial = begun(policy)
    for n in range(30):
        session(policy, path(2), 1 if n % 2 else -1)
        session(policy, BASE, 1 if n % 2 else -1)

    found = look(trial)

    assert (found.status, statuses(policy)) == ("undecided", {2: "passed"})
    assert routes(policy) == {"helper": [(BASE, 1000)]}
    with tenant_tx(policy.tenant_id):
        note = Checkpoint.objects.for_tenant(policy.tenant_id).get(step=2).note
    assert "promote it by hand" in note


def test_while_nothing_is_decided_it_goes_on(policy):
    trial = begun(policy)
    session(policy, path(2), -1)
    session(policy, BASE, 1)

    found = look(trial)

    assert (found.status, found.result["reward"]["pairs"]) == ("running", 1)
    assert statuses(policy) == {2: "canary"}


def test_a_session_counts_once_and_for_who_answered_it_first(policy):
    trial = begun(policy)
    session_id = session(policy, path(2), 1, -1)
    look(trial)
    make_turn(policy.tenant_id, session_id=session_id, model="helper", served_model=BASE, score=-1)
    look(trial)

    (row,) = sessions_of(trial)
    assert (row.arm, row.reward, row.turns) == ("candidate", 0.5, 2)


def test_sessions_that_began_before_or_were_asked_under_another_name_do_not_count(policy):
    old = make_turn(policy.tenant_id, model="helper", served_model=BASE, score=1)
    trial = begun(policy)
    make_turn(
        policy.tenant_id, session_id=old.session_id, model="helper", served_model=path(2), score=1
    )
    session(policy, BASE, 1, model="other")
    session(policy, "model-2", 1)

    look(trial)

    assert sessions_of(trial) == []


def test_an_open_session_waits_and_one_that_nobody_scored_counts_without_a_reward(policy):
    trial = begun(policy)
    make_turn(policy.tenant_id, model="helper", served_model=path(2), score=1, started_at=now())
    unscored = session(policy, path(2), None)
    look(trial)
    first = sessions_of(trial)
    with tenant_tx(policy.tenant_id):
        rows = Session.objects.for_tenant(policy.tenant_id).filter(id=unscored)
        rows.update(closed_at=now() - timedelta(minutes=20))
    look(trial)

    (row,) = sessions_of(trial)
    assert first == []
    assert (row.session_id, row.reward) == (unscored, None)


def live(policy: Any, count: int, served: str, score: int) -> None:
    for _ in range(count):
        session(policy, served, score)


def test_after_a_promotion_a_regression_brings_back_what_served_before(policy):
    first = make_checkpoint(policy, 1, status="passed")
    promote(first)
    live(policy, 20, path(1), 1)
    promote(make_checkpoint(policy, 2, status="passed"))
    trial = newest(policy)
    look(trial)
    live(policy, 20, path(2), -1)

    found = look(trial)

    assert (found.kind, found.status) == ("watch", "rolled_back")
    assert statuses(policy) == {1: "serving", 2: "rejected"}
    assert routes(policy) == {"helper": [(path(1), 1000)]}
    with tenant_tx(policy.tenant_id):
        note = Checkpoint.objects.for_tenant(policy.tenant_id).get(step=2).note
    assert note.startswith("Rolled back by itself. Success moved by -1.00")


def test_after_a_promotion_without_a_regression_the_watch_ends(policy):
    promote(make_checkpoint(policy, 1, status="passed"))
    live(policy, 12, path(1), 1)
    promote(make_checkpoint(policy, 2, status="passed"))
    trial = newest(policy)
    look(trial)
    live(policy, 12, path(2), 1)

    found = look(trial)

    assert (found.status, statuses(policy)) == ("undecided", {1: "retired", 2: "serving"})


def test_a_first_promotion_with_nothing_to_compare_with_is_not_watched(policy):
    promote(make_checkpoint(policy, 1, status="passed"))

    with tenant_tx(policy.tenant_id):
        assert not CheckpointTrial.objects.for_tenant(policy.tenant_id).exists()


def promote(checkpoint: Checkpoint) -> None:
    services.checkpoint_promote(
        tenant_id=checkpoint.tenant_id, actor=ADA, checkpoint_id=checkpoint.id
    )


def test_a_rollback_by_hand_ends_the_watch(policy):
    promote(make_checkpoint(policy, 1, status="passed"))
    live(policy, 12, path(1), 1)
    promote(make_checkpoint(policy, 2, status="passed"))
    trial = newest(policy)
    services.checkpoint_rollback(tenant_id=policy.tenant_id, actor=ADA, policy_id=policy.id)

    assert look(trial).status == "stopped"
    assert statuses(policy) == {1: "serving", 2: "retired"}


def test_the_sweep_asks_for_each_trial_once(policy):
    begun(policy)

    services.trials_sweep()
    services.trials_sweep()

    with tenant_tx(policy.tenant_id):
        jobs = Job.objects.for_tenant(policy.tenant_id).filter(kind=services.TRIAL_KIND)
        assert jobs.count() == 1


def test_a_worker_that_lost_its_job_decides_nothing(policy):
    trial = begun(policy)
    live(policy, 12, path(2), -1)
    live(policy, 12, BASE, 1)
    run = make_run(policy.tenant_id)
    with tenant_tx(policy.tenant_id):
        Job.objects.for_tenant(policy.tenant_id).filter(id=run.job_id).update(fence=2)

    with pytest.raises(LeaseLost):
        services.trial_look(run=run, trial_id=trial.id)

    assert statuses(policy) == {2: "canary"}


def rows(arm: str, rewards: list[float]) -> list[CheckpointSession]:
    return [CheckpointSession(arm=arm, reward=one, turns=1) for one in rewards]


def test_a_canary_as_good_as_the_rest_is_seldom_taken_for_worse():
    import random

    draw, wrong = random.Random(5), 0
    trial = CheckpointTrial(kind="canary", share=0.5, alpha=0.05, sessions_max=10_000)
    for _ in range(100):
        candidate = rows("candidate", [float(draw.random() < 0.7) for _ in range(100)])
        baseline = rows("baseline", [float(draw.random() < 0.7) for _ in range(100)])
        status = finding(trial, [*candidate, *baseline]).status
        wrong += status == "rolled_back"

    assert wrong <= 8
