"""A job from its first step to its checkpoint, whatever happens on the way."""

import random
from uuid import uuid4

import pytest

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.jobs.errors import LeaseLost
from apps.jobs.models import Job
from apps.tenants.types import SYSTEM
from apps.training import services
from apps.training.errors import JobAlreadyActive, JobEnded
from apps.training.models import BatchSample, Checkpoint, TrainingJob, TrainingStep
from apps.training.selectors.jobs import job_get, step_list
from apps.training.services.advancing import job_advance
from apps.training.services.batches import BatchWish
from apps.training.services.beginning import jobs_sweep
from apps.training.services.gathering import batch_note
from apps.training.services.jobs import ADVANCE_KIND
from tests.factories import make_run, make_sample, make_turn
from tests.training.factories import make_budget, make_policy, make_task_set
from tests.training.fakes import FakeTrainer, Killed, tools_of


def groups_for(tenant, count, size=2):
    for _ in range(count):
        group_id = uuid4()
        for score in ([1, -1] * size)[:size]:
            make_sample(make_turn(tenant.id, score=score), group_id=group_id)


@pytest.fixture
def policy(tenant):
    groups_for(tenant, 4)
    return make_policy(tenant.id, groups_per_step=1, steps_per_job=4)


@pytest.fixture
def trainer():
    return FakeTrainer()


def begin(policy, **fields):
    wanted = {"trigger": "hand", "is_now": True} | fields
    return services.job_create(
        tenant_id=policy.tenant_id, actor=SYSTEM, policy_id=policy.id, **wanted
    )


def advance(job, trainer, **tools):
    run = make_run(job.tenant_id, ADVANCE_KIND, job_id=str(job.id))
    try:
        job_advance(run=run, job_id=job.id, tools=tools_of(trainer, **tools))
    finally:
        with tenant_tx(job.tenant_id):
            Job.objects.for_tenant(job.tenant_id).filter(id=run.job_id).update(status="done")
    return fresh(job)


def fresh(job):
    with tenant_tx(job.tenant_id):
        return job_get(tenant_id=job.tenant_id, job_id=job.id)


def steps_of(job):
    with tenant_tx(job.tenant_id):
        return list(step_list(tenant_id=job.tenant_id, job_id=job.id))


def checkpoints_of(policy):
    with tenant_tx(policy.tenant_id):
        return list(Checkpoint.objects.for_tenant(policy.tenant_id).filter(policy=policy))


def waiting_for(job):
    with tenant_tx(job.tenant_id):
        jobs = Job.objects.for_tenant(job.tenant_id)
        return jobs.filter(kind=ADVANCE_KIND, status="queued", dedupe_key=str(job.id)).count()


def test_as_many_steps_as_planned_and_then_a_checkpoint(policy, trainer):
    job = advance(begin(policy), trainer)

    assert (job.status, job.confirmed) == ("done", 4)
    [checkpoint] = checkpoints_of(policy)
    assert (checkpoint.step, checkpoint.samples, checkpoint.status) == (4, 8, "candidate")
    assert trainer.states[checkpoint.state_path] == (0, 1, 2, 3)
    assert [step.metrics["groups"] for step in steps_of(job)] == [1.0] * 4
    assert steps_of(job)[0].metrics["reward"] == 0.0


def test_the_next_job_goes_on_from_the_checkpoint_of_the_last(tenant, policy, trainer):
    advance(begin(policy, steps=2), trainer)
    second = advance(begin(policy, steps=2), trainer)

    first, last = sorted(checkpoints_of(policy), key=lambda one: one.step)
    assert (first.step, last.step, last.parent_id) == (2, 4, first.id)
    assert trainer.opened_from == ["", first.state_path]
    assert second.start_id == first.id


@pytest.mark.parametrize(
    "moment", ["open", "step", "stepped", "save_state", "saved_state", "save_sampler"]
)
def test_a_worker_that_dies_leaves_exactly_the_planned_steps(policy, trainer, moment):
    job = begin(policy)
    trainer.failing[moment] = [Killed(), Killed()]

    for _ in range(2):
        with pytest.raises(Killed):
            advance(job, trainer)
    done = advance(job, trainer)

    assert (done.status, done.confirmed) == ("done", 4)
    [checkpoint] = checkpoints_of(policy)
    behind = trainer.states[checkpoint.state_path]
    # Whatever was taken in vain is behind no weights that were loaded again.
    assert len(behind) == 4
    assert len(trainer.taken) == 4 + (2 if moment not in ("open", "step") else 0)


def test_deaths_anywhere_use_no_sample_twice(tenant, trainer):
    groups_for(tenant, 6)
    policy = make_policy(tenant.id, groups_per_step=1, steps_per_job=6)
    job, dice = begin(policy), random.Random(5)
    moments = ["open", "step", "stepped", "save_state", "saved_state", "save_sampler"]
    deaths = 0
    while fresh(job).status != "done":
        if deaths < 25:
            trainer.failing[dice.choice(moments)] = [Killed()]
        try:
            advance(job, trainer)
        except Killed:
            deaths += 1

    [checkpoint] = checkpoints_of(policy)
    behind = trainer.states[checkpoint.state_path]
    assert deaths >= 10
    assert len(behind) == 6
    with tenant_tx(tenant.id):
        used = BatchSample.objects.for_tenant(tenant.id).count()
        steps = TrainingStep.objects.for_tenant(tenant.id).values_list("batch_id", flat=True)
        assert len(set(steps)) == 6
    assert (used, checkpoint.samples) == (12, 12)


def test_a_worker_that_lost_its_job_writes_nothing(policy, trainer):
    job = begin(policy)
    run = make_run(policy.tenant_id, ADVANCE_KIND, job_id=str(job.id))

    def taken_over(**_):
        with tenant_tx(policy.tenant_id):
            Job.objects.for_tenant(policy.tenant_id).filter(id=run.job_id).update(fence=99)
        raise TrainerFailed("Too late.", reason="timeout")

    with pytest.raises(LeaseLost):
        job_advance(run=run, job_id=job.id, tools=tools_of(trainer, gather=taken_over))

    assert fresh(job).reason == ""


def test_a_slice_that_is_over_lets_others_go_first(policy, trainer, settings):
    settings.METACLAW_TRAINING_SLICE_SECONDS = 0
    job = begin(policy)

    after = advance(job, trainer)

    assert (after.status, after.confirmed) == ("running", 1)
    assert waiting_for(job) == 1


def test_a_second_job_of_a_policy_is_refused(policy):
    begin(policy)

    with pytest.raises(JobAlreadyActive):
        begin(policy)


def test_pause_keeps_the_place_and_resume_goes_on_there(policy, trainer, settings):
    settings.METACLAW_TRAINING_SLICE_SECONDS = 0
    job = begin(policy)
    advance(job, trainer)
    services.job_pause(tenant_id=job.tenant_id, actor=SYSTEM, job_id=job.id)

    paused = advance(job, trainer)
    services.job_resume(tenant_id=job.tenant_id, actor=SYSTEM, job_id=job.id)
    settings.METACLAW_TRAINING_SLICE_SECONDS = 60
    done = advance(job, trainer)

    assert (paused.status, paused.reason, paused.confirmed) == ("paused", "by_hand", 1)
    assert (done.status, done.confirmed, len(trainer.taken)) == ("done", 4, 4)


def test_cancelling_keeps_what_the_last_step_left(policy, trainer, settings):
    settings.METACLAW_TRAINING_SLICE_SECONDS = 0
    job = begin(policy)
    advance(job, trainer)
    services.job_cancel(tenant_id=job.tenant_id, actor=SYSTEM, job_id=job.id)

    after = advance(job, trainer)

    assert after.status == "cancelled"
    [checkpoint] = checkpoints_of(policy)
    assert (checkpoint.step, checkpoint.expires_at is not None) == (1, True)
    assert trainer.states[checkpoint.state_path] == (0,)
    with pytest.raises(JobEnded):
        services.job_resume(tenant_id=job.tenant_id, actor=SYSTEM, job_id=job.id)


def test_a_job_that_needs_a_window_waits_and_says_so(policy, trainer):
    job = advance(begin(policy, is_now=False), trainer)

    assert (job.status, job.reason) == ("waiting_window", "no_rules")
    assert job.note
    assert trainer.opened_from == []


def test_too_few_samples_are_said_and_nothing_is_taken(tenant, policy, trainer):
    job = advance(begin(policy, steps=5), trainer)

    assert (job.status, job.reason, job.confirmed) == ("paused", "no_samples", 4)
    assert "0 groups to learn from" in job.note


@pytest.mark.parametrize(
    "limits, said",
    [
        ({"daily_steps": 2}, "2 steps"),
        ({"daily_tokens": 25}, "25 tokens"),
        ({"daily_micros": 25}, "$0.00"),
    ],
)
def test_the_days_budget_is_never_overdrawn(tenant, policy, trainer, limits, said):
    make_budget(tenant.id, **{"daily_steps": None, **limits})
    with tenant_tx(tenant.id):
        type(policy).objects.for_tenant(tenant.id).update(token_price_micros=1_000_000)

    job = advance(begin(policy), trainer)

    assert (job.status, job.reason, job.confirmed) == ("paused", "budget", 2)
    assert said in job.note
    assert len(trainer.taken) == 2


def test_a_limit_in_money_without_a_price_stops_at_once(tenant, policy, trainer):
    make_budget(tenant.id, daily_micros=10**9)

    job = advance(begin(policy), trainer)

    assert (job.reason, len(trainer.taken)) == ("budget", 0)
    assert "price" in job.note


@pytest.mark.parametrize("reason", ["billing", "unreachable", "timeout", "busy", "failed"])
def test_trouble_that_passes_is_waited_out(policy, trainer, reason):
    job = begin(policy)
    trainer.failing["step"] = [TrainerFailed("Not now.", reason=reason)]

    troubled = advance(job, trainer)
    waiting = waiting_for(job)
    done = advance(job, trainer)

    assert (troubled.status, troubled.reason, troubled.note) == ("running", reason, "Not now.")
    assert waiting == 1
    assert (done.status, done.reason, done.confirmed) == ("done", "", 4)


@pytest.mark.parametrize("reason", ["key_missing", "key_refused", "unknown_model", "gone"])
def test_what_takes_a_person_waits_for_one(policy, trainer, reason):
    trainer.failing["open"] = [TrainerFailed("Look at it.", reason=reason)]

    job = advance(begin(policy), trainer)

    assert (job.status, job.reason, job.note) == ("paused", reason, "Look at it.")


def test_a_job_nobody_moves_is_rung_for(policy):
    job = begin(policy)
    with tenant_tx(policy.tenant_id):
        Job.objects.for_tenant(policy.tenant_id).update(status="dead")

    jobs_sweep()
    jobs_sweep()

    assert waiting_for(job) == 1


def test_a_full_batch_begins_a_job_of_a_policy_that_waits_for_it(tenant, policy):
    with tenant_tx(tenant.id):
        type(policy).objects.for_tenant(tenant.id).update(mode="rl", groups_per_step=3)

    jobs_sweep()
    jobs_sweep()

    with tenant_tx(tenant.id):
        [job] = TrainingJob.objects.for_tenant(tenant.id)
    assert (job.trigger, job.is_now, job.planned_steps) == ("full", True, 1)


def test_a_window_begins_one_job_for_each_policy_that_waits_for_windows(tenant, policy):
    with tenant_tx(tenant.id):
        type(policy).objects.for_tenant(tenant.id).update(mode="auto")
    window_id = uuid4()

    for _ in range(2):
        services.window_opened(tenant_id=tenant.id, window_id=window_id)

    with tenant_tx(tenant.id):
        [job] = TrainingJob.objects.for_tenant(tenant.id)
    assert (job.trigger, job.window_id, job.planned_steps) == ("window", window_id, 4)


def test_tasks_that_are_all_done_alike_end_the_job_with_its_checkpoint(tenant, trainer):
    groups_for(tenant, 2)
    task_set = make_task_set(tenant.id)
    policy = make_policy(tenant.id, groups_per_step=1, source="tasks", task_set=task_set)

    job = advance(begin(policy, steps=5), trainer, gather=_from_turns)

    assert (job.status, job.confirmed) == ("done", 2)
    assert "after 2 of 5 steps" in job.note
    assert [one.step for one in checkpoints_of(policy)] == [2]


def _from_turns(*, run, job, step, recipe, training):
    return batch_note(run=run, step=step, wish=BatchWish(groups=1))
