"""Rollouts whose job is gone: somebody comes back to them, or says that nobody does."""

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.tenants.types import SYSTEM
from apps.training.models import Rollout, TrainingJob
from apps.training.services.rollouts import ROLLOUT_KIND, rollout_ask, rollouts_sweep
from tests.training.factories import make_policy, make_rollout, make_task_set, make_training_job


@pytest.fixture
def asked(tenant):
    tasks = make_task_set(tenant.id)
    return rollout_ask(
        tenant_id=tenant.id,
        actor=SYSTEM,
        policy_id=make_policy(tenant.id).id,
        task_set_id=tasks.id,
        checkpoint_id=None,
    )


def jobs(tenant, **filters):
    with tenant_tx(tenant.id):
        rows = Job.objects.for_tenant(tenant.id).filter(kind=ROLLOUT_KIND, **filters)
        return list(rows)


def give_up(tenant):
    with tenant_tx(tenant.id):
        rows = Job.objects.for_tenant(tenant.id).filter(kind=ROLLOUT_KIND)
        rows.update(status=Job.Status.DEAD)


def fresh(rollout):
    with tenant_tx(rollout.tenant_id):
        return Rollout.objects.for_tenant(rollout.tenant_id).get(id=rollout.id)


def test_what_somebody_plays_or_will_is_left_alone(tenant, asked):
    assert rollouts_sweep() == 0
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).update(status=Job.Status.RUNNING, lease_until=now())
    assert rollouts_sweep() == 0

    assert fresh(asked).tries == 0
    assert len(jobs(tenant)) == 1


@pytest.mark.parametrize("status", ["queued", "running"])
def test_whose_job_was_given_up_is_rung_for_again(tenant, other_tenant, asked, status):
    with tenant_tx(tenant.id):
        Rollout.objects.for_tenant(tenant.id).update(status=status)
    give_up(tenant)

    assert rollouts_sweep() == 1
    assert rollouts_sweep() == 0

    [job] = jobs(tenant, status=Job.Status.QUEUED)
    assert (job.payload, job.dedupe_key) == ({"rollout_id": str(asked.id)}, str(asked.id))
    assert (fresh(asked).status, fresh(asked).tries) == (status, 1)
    assert jobs(other_tenant) == []


def test_what_was_rung_for_too_often_has_failed_with_a_sentence(tenant, asked):
    for _ in range(5):
        give_up(tenant)
        assert rollouts_sweep() == 1

    found = fresh(asked)
    assert (found.status, found.reason) == ("failed", "given_up")
    assert "ask for another rollout" in found.note
    assert found.ended_at is not None
    assert len(jobs(tenant)) == 5
    assert rollouts_sweep() == 0


def test_one_of_a_training_job_ends_with_the_job(tenant):
    job = make_training_job(make_policy(tenant.id))
    rollout = make_rollout(job.policy, job=job, step=1, status="running")
    with tenant_tx(tenant.id):
        TrainingJob.objects.for_tenant(tenant.id).update(status="paused")
    assert rollouts_sweep() == 0
    with tenant_tx(tenant.id):
        TrainingJob.objects.for_tenant(tenant.id).update(status="cancelled")

    assert rollouts_sweep() == 1

    assert (fresh(rollout).status, fresh(rollout).reason) == ("cancelled", "job_over")
    assert jobs(tenant) == []


def test_what_has_ended_is_not_looked_at(tenant):
    policy = make_policy(tenant.id)
    for status in Rollout.ENDED:
        make_rollout(policy, status=status)

    assert rollouts_sweep() == 0
