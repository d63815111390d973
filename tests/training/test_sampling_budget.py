"""What is sampled for a step counts as what is trained does: reserved before, settled after."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.jobs.models import Job
from apps.tenants.types import SYSTEM
from apps.training import services
from apps.training.errors import BudgetReached, CheckerFailed, NothingToTrainOn
from apps.training.models import Rollout, TrainingStep
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import job_get
from apps.training.services.advancing import job_advance
from apps.training.services.jobs import ADVANCE_KIND
from apps.training.services.rollouts import episodes
from apps.training.services.rollouts.stepping import MOST_ROUNDS, step_groups_play
from tests.factories import make_run
from tests.training import fakes
from tests.training.factories import (
    make_budget,
    make_policy,
    make_step,
    make_task_set,
    make_training_job,
)
from tests.training.fake_sampler import FakeRenderer, FakeSampler
from tests.training.test_rollout_steps import TASKS, FakeTraining, mixed

MOST = 50


@pytest.fixture
def policy(tenant):
    return make_policy(
        tenant.id,
        source="tasks",
        task_set=make_task_set(tenant.id, tasks=TASKS),
        groups_per_step=2,
        group_size=2,
        max_tokens=MOST,
        token_price_micros=2_000_000,
    )


@pytest.fixture
def step(policy):
    return make_step(make_training_job(policy))


def play(step, speak=mixed):
    recipe = Recipe.of(step.job.policy)
    training = FakeTraining(speak)
    return step_groups_play(job=step.job, step=step, recipe=recipe, training=training)


def fresh(step):
    with tenant_tx(step.tenant_id):
        return TrainingStep.objects.for_tenant(step.tenant_id).get(id=step.id)


def day(tenant):
    with tenant_tx(tenant.id):
        return services.day_get(tenant_id=tenant.id)


def prompts_of(tenant, count):
    """Tokens of so many prompts, one of each group."""
    with tenant_tx(tenant.id):
        rollout = Rollout.objects.for_tenant(tenant.id).get()
        names = set(rollout.episodes.values_list("task_id", flat=True))
    assert len(names) == count
    asked = [one["instruction"] for one in TASKS if one["task_id"] in names]
    return sum(len(FakeRenderer().prompt([{"role": "user", "content": text}])) for text in asked)


def test_what_was_sampled_is_settled_to_what_it_was(tenant, step):
    play(step)

    # Two groups of "no" and "yes".
    used = prompts_of(tenant, 2) + 2 * len("noyes")
    found, today = fresh(step), day(tenant)
    assert (found.sampled_tokens, found.sampled_micros) == (used, 2 * used)
    assert (today.tokens, today.sampled_tokens, today.steps) == (used, used, 0)
    assert (today.micros, today.sampled_micros) == (2 * used, 2 * used)


def test_what_is_played_in_the_place_of_flat_groups_counts_as_well(tenant, step):
    asked = []

    def flat_at_first(messages, at):
        asked.append(messages[-1]["content"])
        return "yes" if len(set(asked)) <= 2 or at else "no"

    play(step, flat_at_first)

    said = 2 * len("yesyes") + 2 * len("noyes")
    assert fresh(step).sampled_tokens == prompts_of(tenant, 4) + said


def test_a_killed_worker_leaves_what_it_had_reserved(tenant, step):
    def dies(messages, at):
        raise fakes.Killed

    with pytest.raises(fakes.Killed):
        play(step, dies)
    reserved = prompts_of(tenant, 2) + 4 * MOST
    assert fresh(step).sampled_tokens == day(tenant).tokens == reserved

    play(step)

    used = prompts_of(tenant, 2) + 2 * len("noyes")
    assert fresh(step).sampled_tokens == reserved + used


def test_a_trainer_that_fails_is_settled_with(tenant, step):
    away = TrainerFailed("Away.", reason="unreachable")

    with pytest.raises(TrainerFailed):
        play(step, lambda *_: away)

    assert fresh(step).sampled_tokens == 0


def test_answers_whose_checker_fails_were_sampled_all_the_same(tenant, step, monkeypatch):
    def fails(*_):
        raise CheckerFailed("It took too long.")

    monkeypatch.setattr(episodes, "answer_check", fails)

    with pytest.raises(NothingToTrainOn, match="It took too long"):
        play(step)

    # In three rounds.
    said = 2 * MOST_ROUNDS * len("noyes")
    assert fresh(step).sampled_tokens == prompts_of(tenant, 2 * MOST_ROUNDS) + said


@pytest.mark.parametrize(
    "limits, said",
    [
        ({"daily_tokens": 4 * MOST}, "limit of 200 tokens does not hold the answers of the next"),
        ({"daily_micros": 4 * MOST}, "does not hold the answers of the next step"),
        # The answers would be learned from by nobody today.
        ({"daily_steps": 0}, "limit of 0 steps does not hold the answers of the next step"),
    ],
)
def test_what_the_day_does_not_hold_is_not_sampled(tenant, step, limits, said):
    make_budget(tenant.id, **{"daily_steps": None, **limits})
    training = FakeTraining(lambda *_: pytest.fail("nobody may be asked"))

    with pytest.raises(BudgetReached, match=said):
        step_groups_play(
            job=step.job, step=step, recipe=Recipe.of(step.job.policy), training=training
        )

    assert day(tenant).tokens == 0


def test_a_limit_in_money_needs_the_price(tenant, policy):
    make_budget(tenant.id, daily_micros=10**9)
    with tenant_tx(tenant.id):
        type(policy).objects.for_tenant(tenant.id).update(token_price_micros=None)
        policy.refresh_from_db()
    step = make_step(make_training_job(policy))

    with pytest.raises(BudgetReached, match="what a token costs is not known"):
        play(step)


def test_a_job_that_may_not_sample_stands_until_the_limit_is_raised(tenant, policy, monkeypatch):
    budget = make_budget(tenant.id, daily_tokens=10)
    monkeypatch.setattr(fakes.FakeTraining, "sampler", lambda self, path: FakeSampler(mixed, path))
    job = services.job_create(
        tenant_id=tenant.id,
        actor=SYSTEM,
        policy_id=policy.id,
        trigger="hand",
        steps=1,
        is_now=True,
    )

    def advance():
        run = make_run(tenant.id, ADVANCE_KIND, job_id=str(job.id))
        job_advance(run=run, job_id=job.id, tools=fakes.tools_of(fakes.FakeTrainer()))
        with tenant_tx(tenant.id):
            Job.objects.for_tenant(tenant.id).filter(id=run.job_id).update(status="done")
            return job_get(tenant_id=tenant.id, job_id=job.id)

    stands = advance()
    assert (stands.status, stands.reason, stands.confirmed) == ("paused", "budget", 0)

    with tenant_tx(tenant.id):
        type(budget).objects.for_tenant(tenant.id).update(daily_tokens=None)
    assert advance().confirmed == 1

    with tenant_tx(tenant.id):
        step = TrainingStep.objects.for_tenant(tenant.id).get()
    today = day(tenant)
    assert step.tokens > 0
    assert today.tokens == step.tokens + step.sampled_tokens
    assert (today.sampled_tokens, today.steps) == (step.sampled_tokens, 1)
