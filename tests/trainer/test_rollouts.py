"""From a file of tasks to a policy that can do them, on the real trainer."""

import json
from functools import partial

import pytest

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.client import open_sampler, open_training
from apps.tenants.types import SYSTEM
from apps.trainer import DEMO_MODEL
from apps.training import services
from apps.training.connecting import trainer_get
from apps.training.models import Rollout, Sample
from apps.training.selectors.jobs import job_get, step_list
from apps.training.services.advancing import Tools, job_advance
from apps.training.services.gathering import gather
from apps.training.services.jobs import ADVANCE_KIND
from apps.training.services.rollouts import rollout_create, rollout_play
from apps.training.services.task_sets import task_set_create
from apps.trajectories.models import Turn
from tests.factories import make_run
from tests.training.factories import make_policy, make_trainer

# Answers of the demo model are of all kinds of characters; these are to be rewarded.
SHARE = {"kind": "share", "value": "[a-m ]"}
TASKS = "\n".join(
    json.dumps({"task_id": f"t{n}", "instruction": f"Say something ({n}).", "checker": SHARE})
    for n in range(4)
)


@pytest.fixture
def policy(tenant, trainer, key):
    upstream = make_trainer(tenant.id, base_url=f"{trainer.url}/oai/api/v1", api_key=key)
    tasks = task_set_create(tenant_id=tenant.id, actor=SYSTEM, name="words", content=TASKS.encode())
    return make_policy(
        tenant.id,
        upstream=upstream,
        base_model=DEMO_MODEL,
        rank=8,
        source="tasks",
        task_set_id=tasks.id,
        learning_rate=5e-3,
        groups_per_step=4,
        group_size=16,
        max_tokens=16,
    )


def train(policy, steps):
    tenant_id = policy.tenant_id
    connection = trainer_get(tenant_id=tenant_id, upstream_id=policy.upstream_id)
    tools = Tools(
        open_training=partial(open_training, connection),
        open_teacher=lambda recipe, opened: None,
        gather=gather,
    )
    job = services.job_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        policy_id=policy.id,
        trigger="hand",
        steps=steps,
        is_now=True,
    )
    run = make_run(tenant_id, ADVANCE_KIND, job_id=str(job.id))
    job_advance(run=run, job_id=job.id, tools=tools)
    with tenant_tx(tenant_id):
        done = job_get(tenant_id=tenant_id, job_id=job.id)
        # It may have learned all there is before the last step: then all answers are alike.
        assert done.status == "done" or "were worth the same" in done.note, done.note
        taken = step_list(tenant_id=tenant_id, job_id=job.id).filter(status="confirmed")
        return list(taken)


def test_tasks_teach_what_their_checker_rewards(policy, settings):
    settings.METACLAW_TRAINING_SLICE_SECONDS = 3600

    steps = train(policy, steps=24)

    rewards = [step.metrics["reward"] for step in steps]
    # Some runs settle on a word three of whose four letters count: that is 0.75, and all alike.
    assert max(rewards[-3:]) > 0.7 > 0.6 > rewards[0]
    assert max(step.metrics["logprob_distance_max"] for step in steps) < 1e-4
    with tenant_tx(policy.tenant_id):
        rollouts = Rollout.objects.for_tenant(policy.tenant_id)
        assert rollouts.filter(status="done").count() >= len(steps) > 1
        turns = Turn.objects.for_tenant(policy.tenant_id).filter(is_rollout=True)
        assert (
            turns.count() == Sample.objects.for_tenant(policy.tenant_id).count() >= len(steps) * 64
        )
    # And what is served of it: asked once more, by its own path.
    connection = trainer_get(tenant_id=policy.tenant_id, upstream_id=policy.upstream_id)
    with open_sampler(connection, base_model=DEMO_MODEL, path=steps[-1].sampler_path) as sampler:
        rollout = rollout_create(
            tenant_id=policy.tenant_id,
            policy_id=policy.id,
            checkpoint=sampler.path,
            seed=1,
        )
        found = rollout_play(
            tenant_id=policy.tenant_id,
            rollout_id=rollout.id,
            sampler=sampler,
            is_wanted=lambda: True,
        )
    assert found.mean_reward is not None
    assert found.mean_reward > 0.65
