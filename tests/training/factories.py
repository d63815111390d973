"""Rows of the slow loop."""

from typing import Any
from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.training.models import (
    Checkpoint,
    CheckpointSession,
    CheckpointTrial,
    Gate,
    GateCase,
    Rollout,
    RolloutEpisode,
    TaskSet,
    TrainingBudget,
    TrainingJob,
    TrainingPolicy,
    TrainingStep,
)
from apps.upstreams.models import Upstream
from tests.factories import make_upstream


def make_trainer(tenant_id: UUID, name: str = "trainer", **fields: Any) -> Upstream:
    """A connection to a Tinker API, that nobody answers at unless an address is given."""
    wanted = {"kind": "tinker", "base_url": "http://127.0.0.1:9", "api_key": "tml-secret-0001"}
    return make_upstream(tenant_id, name=name, **(wanted | fields))


def make_policy(tenant_id: UUID, name: str = "helper", **fields: Any) -> TrainingPolicy:
    if "upstream" not in fields and "upstream_id" not in fields:
        fields["upstream"] = make_trainer(tenant_id, f"trainer of {name}")
    with tenant_tx(tenant_id):
        return TrainingPolicy.objects.create(
            tenant_id=tenant_id, name=name, **{"base_model": "local/demo-1", **fields}
        )


def make_task_set(tenant_id: UUID, name: str = "tasks", **fields: Any) -> TaskSet:
    tasks = [{"task_id": "one", "instruction": "Say a word."}]
    with tenant_tx(tenant_id):
        return TaskSet.objects.create(
            tenant_id=tenant_id, **{"name": name, "tasks": tasks, "sha256": "0" * 64, **fields}
        )


def make_training_job(policy: TrainingPolicy, **fields: Any) -> TrainingJob:
    with tenant_tx(policy.tenant_id):
        return TrainingJob.objects.create(
            tenant_id=policy.tenant_id,
            policy=policy,
            **{"trigger": "hand", "planned_steps": 2, **fields},
        )


def make_step(job: TrainingJob, number: int = 1, **fields: Any) -> TrainingStep:
    with tenant_tx(job.tenant_id):
        return TrainingStep.objects.create(
            tenant_id=job.tenant_id, job=job, number=number, **fields
        )


def make_checkpoint(policy: TrainingPolicy, step: int = 1, **fields: Any) -> Checkpoint:
    with tenant_tx(policy.tenant_id):
        return Checkpoint.objects.create(
            tenant_id=policy.tenant_id,
            policy=policy,
            **{
                "step": step,
                "base_model": policy.base_model,
                "rank": policy.rank,
                "state_path": f"tinker://run/weights/{step}",
                "sampler_path": f"tinker://run/sampler_weights/{step}",
                "generation": 1,
                **fields,
            },
        )


def make_budget(tenant_id: UUID, **fields: Any) -> TrainingBudget:
    with tenant_tx(tenant_id):
        return TrainingBudget.objects.create(tenant_id=tenant_id, **fields)


def make_gate(checkpoint: Checkpoint, *turn_ids: UUID, **fields: Any) -> Gate:
    """A gate and a case for each of the turns."""
    with tenant_tx(checkpoint.tenant_id):
        gate = Gate.objects.create(
            tenant_id=checkpoint.tenant_id,
            checkpoint=checkpoint,
            **{"stage": "heldout", "margin": 0.05, "actor": "Ada", **fields},
        )
        for turn_id in turn_ids:
            GateCase.objects.create(tenant_id=gate.tenant_id, gate=gate, turn_id=turn_id)
        return gate


def make_trial(checkpoint: Checkpoint, **fields: Any) -> CheckpointTrial:
    with tenant_tx(checkpoint.tenant_id):
        return CheckpointTrial.objects.create(
            tenant_id=checkpoint.tenant_id,
            checkpoint=checkpoint,
            **{
                "kind": "canary",
                "candidate_path": checkpoint.sampler_path,
                "baseline_path": checkpoint.base_model,
                "route_model": "helper",
                "share": 0.5,
                "alpha": 0.05,
                "sessions_max": 100,
                "started_by": "Ada",
                **fields,
            },
        )


def make_trial_session(trial: CheckpointTrial, turn: Any, arm: str = "candidate") -> None:
    with tenant_tx(trial.tenant_id):
        CheckpointSession.objects.create(
            tenant_id=trial.tenant_id,
            trial=trial,
            session_id=turn.session_id,
            first_turn_id=turn.id,
            arm=arm,
        )


def make_rollout(policy: TrainingPolicy, **fields: Any) -> Rollout:
    """A rollout with one episode that waits."""
    with tenant_tx(policy.tenant_id):
        rollout = Rollout.objects.create(
            tenant_id=policy.tenant_id, policy=policy, **{"groups": 1, "group_size": 1, **fields}
        )
        RolloutEpisode.objects.create(
            tenant_id=policy.tenant_id, rollout=rollout, task_id="one", member=0
        )
        return rollout
