"""The tasks of a training step: enough groups that say something, and no more than that."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.training.errors import JudgeLate, NothingToTrainOn
from apps.training.models import Batch, BatchSample, Rollout, RolloutEpisode
from apps.training.recipe import Recipe
from apps.training.services.gathering import gather
from apps.training.services.rollouts import stepping
from apps.training.services.rollouts.stepping import step_groups_play
from tests.factories import make_run
from tests.training.factories import (
    make_checkpoint,
    make_policy,
    make_step,
    make_task_set,
    make_training_job,
)
from tests.training.fake_sampler import FakeSampler

CHECKER = {"kind": "equals", "value": "yes"}
TASKS = [
    {"task_id": f"t{n}", "instruction": f"Say yes ({n}).", "checker": CHECKER} for n in range(16)
]


class FakeTraining:
    """Weights to be asked, by their path."""

    def __init__(self, speak="yes"):
        self.speak, self.opened = speak, []

    def sampler(self, path):
        self.opened.append(path)
        return FakeSampler(self.speak, path)


@pytest.fixture
def policy(tenant):
    tasks = make_task_set(tenant.id, tasks=TASKS)
    return make_policy(tenant.id, source="tasks", task_set=tasks, groups_per_step=2, group_size=2)


def play(step, speak, training=None):
    job = step.job
    return step_groups_play(
        job=job,
        step=step,
        recipe=Recipe.of(job.policy),
        training=training or FakeTraining(speak),
    )


def rows(model, tenant):
    with tenant_tx(tenant.id):
        return list(model.objects.for_tenant(tenant.id).order_by("id"))


def mixed(_, at):
    return "yes" if at % 2 else "no"


def test_groups_that_say_something_are_enough(tenant, policy):
    step = make_step(make_training_job(policy))

    found = play(step, mixed)

    assert (found.telling, len(found.group_ids)) == (2, 2)
    (rollout,) = rows(Rollout, tenant)
    assert (rollout.job_id, rollout.step, rollout.status) == (step.job_id, 1, "done")


def test_others_are_played_in_the_place_of_flat_groups(tenant, policy):
    asked = []

    def flat_at_first(messages, at):
        asked.append(messages[-1]["content"])
        return "yes" if len(set(asked)) <= 2 or at else "no"

    found = play(make_step(make_training_job(policy)), flat_at_first)

    assert (found.telling, len(found.group_ids)) == (2, 4)
    (rollout,) = rows(Rollout, tenant)
    assert (rollout.groups, rollout.status) == (4, "done")
    assert len({one.task_id for one in rows(RolloutEpisode, tenant)}) == 4


def test_where_all_is_alike_there_is_an_end_to_it(tenant, policy):
    step = make_step(make_training_job(policy))

    with pytest.raises(NothingToTrainOn, match="All answers to the tasks of step 1 were worth"):
        play(step, "yes")
    with pytest.raises(NothingToTrainOn):
        play(step, mixed)

    assert len(rows(RolloutEpisode, tenant)) == 2 * 2 * stepping.MOST_ROUNDS


def test_a_step_that_was_interrupted_goes_on_with_its_own_tasks(tenant, policy):
    step, asked = make_step(make_training_job(policy)), []

    def away(_, at):
        asked.append(at)
        return TrainerFailed("Away.", reason="unreachable") if len(asked) > 2 else mixed(_, at)

    with pytest.raises(TrainerFailed):
        play(step, away)
    found = play(step, mixed)

    assert found.telling == 2
    assert len(rows(RolloutEpisode, tenant)) == 4


def test_steps_and_jobs_go_on_in_the_tasks(tenant, policy):
    first_job = make_training_job(policy)
    played = []
    for number in (1, 2):
        play(make_step(first_job, number), mixed)
        played.append({one.task_id for one in rows(RolloutEpisode, tenant)} - set().union(*played))
    with tenant_tx(tenant.id):
        type(first_job).objects.for_tenant(tenant.id).update(status="done")
    start = make_checkpoint(policy, step=2, job=first_job)
    later = make_training_job(policy, start=start)
    training = FakeTraining(mixed)

    play(make_step(later), mixed, training)

    played.append({one.task_id for one in rows(RolloutEpisode, tenant)} - set().union(*played))
    assert [len(one) for one in played] == [2, 2, 2]
    assert training.opened == [start.sampler_path]


def test_what_a_step_gathers_is_its_own_groups(tenant, policy):
    job = make_training_job(policy)
    step = make_step(job)

    batch_id = gather(
        run=make_run(tenant.id),
        job=job,
        step=step,
        recipe=Recipe.of(policy),
        training=FakeTraining(mixed),
    )

    (batch,) = rows(Batch, tenant)
    assert (batch.id, batch.groups) == (batch_id, 2)
    assert sorted(one.reward for one in rows(BatchSample, tenant)) == [-1, -1, 1, 1]


def test_tasks_that_cannot_be_played_are_a_reason_to_stand_still(tenant, policy):
    with tenant_tx(tenant.id):
        policy.task_set.tasks = [{**TASKS[0], "tools": ["run_command"]}]
        policy.task_set.save()

    with pytest.raises(NothingToTrainOn, match="METACLAW_ROLLOUT_TOOLS=1"):
        play(make_step(make_training_job(policy)), mixed)


def test_a_judge_that_does_not_come_is_not_waited_for_forever(tenant, monkeypatch):
    monkeypatch.setattr(stepping, "_JUDGE_SECONDS", 0)
    monkeypatch.setattr(stepping, "_LOOK_SECONDS", 0)
    tasks = make_task_set(tenant.id, tasks=[{"task_id": "a", "instruction": "Be kind."}])
    policy = make_policy(tenant.id, task_set=tasks, groups_per_step=1, group_size=2)

    with pytest.raises(JudgeLate, match="2 answers of the policy wait for the judge"):
        play(make_step(make_training_job(policy)), "Hello.")
