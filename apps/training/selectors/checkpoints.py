"""Checkpoints, how they were tried, and what they learned from."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from apps.core.errors import NotFound
from apps.core.tenancy import directory
from apps.training.models import (
    BatchSample,
    Checkpoint,
    CheckpointSession,
    CheckpointTrial,
    Gate,
    GateCase,
    TrainingJob,
    TrainingPolicy,
    TrainingStep,
)

# A line of ancestors is followed this far.
_GENERATIONS = 200
_LIVE = (Checkpoint.Status.SERVING, Checkpoint.Status.CANARY)


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a checkpoint comes from: those before it, the youngest first, and its own steps."""

    ancestors: list[Checkpoint]
    job: TrainingJob | None
    steps: list[TrainingStep]
    turns: int


def checkpoint_list(
    *,
    tenant_id: UUID,
    policy_id: UUID | None = None,
    status: str = "",
    turn_id: UUID | None = None,
) -> QuerySet[Checkpoint]:
    """Newest first, each with its policy. Of a turn: the first that learned from it, by job."""
    rows = Checkpoint.objects.for_tenant(tenant_id).select_related("policy")
    if turn_id is not None:
        rows = rows.filter(id__in=_learned_from(tenant_id, turn_id))
    if policy_id is not None:
        rows = rows.filter(policy_id=policy_id)
    return rows.filter(status=status) if status else rows


def checkpoint_get(*, tenant_id: UUID, checkpoint_id: UUID) -> Checkpoint:
    """With its policy, gates and trials."""
    rows = checkpoint_list(tenant_id=tenant_id).prefetch_related(
        _newest("gates", Gate, tenant_id), _newest("trials", CheckpointTrial, tenant_id)
    )
    found = rows.filter(id=checkpoint_id).first()
    if found is None:
        raise NotFound
    return found


def is_trained_on(*, checkpoint: Checkpoint) -> bool:
    """Whether a job that has not ended starts from it."""
    jobs = TrainingJob.objects.for_tenant(checkpoint.tenant_id).filter(start=checkpoint)
    return jobs.exclude(status__in=TrainingJob.ENDED).exists()


def serving_checkpoint(*, policy: TrainingPolicy) -> Checkpoint | None:
    return _of_policy(policy, Checkpoint.Status.SERVING)


def canary_checkpoint(*, policy: TrainingPolicy) -> Checkpoint | None:
    return _of_policy(policy, Checkpoint.Status.CANARY)


def checkpoint_before(*, checkpoint: Checkpoint) -> Checkpoint | None:
    """The one that served before it and still can; None: the base model did."""
    seen = {checkpoint.id}
    rows = Checkpoint.objects.for_tenant(checkpoint.tenant_id)
    before_id = checkpoint.instead_of_id
    while before_id is not None and before_id not in seen:
        seen.add(before_id)
        found = rows.filter(id=before_id).first()
        if found is None or found.status == Checkpoint.Status.RETIRED:
            return found
        before_id = found.instead_of_id
    return None


def gate_get(*, tenant_id: UUID, gate_id: UUID) -> Gate:
    rows = Gate.objects.for_tenant(tenant_id).select_related("checkpoint__policy__upstream")
    found = rows.filter(id=gate_id).first()
    if found is None:
        raise NotFound
    return found


def gate_cases(*, tenant_id: UUID, checkpoint_id: UUID, gate_id: UUID) -> QuerySet[GateCase]:
    """Of one of the checkpoint's gates. Raises NotFound."""
    rows = Gate.objects.for_tenant(tenant_id).filter(id=gate_id, checkpoint_id=checkpoint_id)
    if not rows.exists():
        raise NotFound
    return GateCase.objects.for_tenant(tenant_id).filter(gate_id=gate_id)


def cases_waiting(*, gate: Gate) -> list[GateCase]:
    rows = GateCase.objects.for_tenant(gate.tenant_id).filter(gate=gate)
    return list(rows.filter(status=GateCase.Status.WAITING).order_by("id"))


def gates_running() -> list[tuple[UUID, UUID]]:
    """(tenant, gate) of all workspaces."""
    with directory():
        rows = Gate.objects.across_tenants().filter(status=Gate.Status.RUNNING)
        return list(rows.values_list("tenant_id", "id"))


def trials_running() -> list[tuple[UUID, UUID]]:
    """(tenant, trial) of all workspaces."""
    with directory():
        rows = CheckpointTrial.objects.across_tenants().filter(status="running")
        return list(rows.values_list("tenant_id", "id"))


def trial_sessions(*, trial: CheckpointTrial) -> list[CheckpointSession]:
    """Those that are settled, in the order in which they were."""
    rows = CheckpointSession.objects.for_tenant(trial.tenant_id).filter(trial=trial)
    return list(rows.exclude(settled_at=None).order_by("settled_at", "id"))


def policies_kept_somewhere() -> list[tuple[UUID, UUID]]:
    """(tenant, policy) of all workspaces that have a checkpoint at a provider."""
    with directory():
        rows = Checkpoint.objects.across_tenants().exclude(status=Checkpoint.Status.GONE)
        return list(rows.values_list("tenant_id", "policy_id").distinct())


def checkpoints_kept(*, tenant_id: UUID, policy_id: UUID) -> list[Checkpoint]:
    """Of a policy, those that should be at the provider."""
    rows = checkpoint_list(tenant_id=tenant_id, policy_id=policy_id)
    return list(rows.exclude(status=Checkpoint.Status.GONE).order_by("id"))


def paths_kept(*, tenant_id: UUID) -> dict[UUID, list[str]]:
    """Everything that is stored for the workspace at its trainers, by connection."""
    found: dict[Any, set[str]] = {}
    checkpoints = Checkpoint.objects.for_tenant(tenant_id).exclude(status="gone")
    steps = TrainingStep.objects.for_tenant(tenant_id).exclude(state_path="")
    for upstream_id, *paths in [
        *checkpoints.values_list("policy__upstream_id", "state_path", "sampler_path"),
        *steps.values_list("job__policy__upstream_id", "state_path"),
    ]:
        found.setdefault(upstream_id, set()).update(str(path) for path in paths if path)
    return {upstream_id: sorted(paths) for upstream_id, paths in found.items()}


def checkpoint_lineage(*, tenant_id: UUID, checkpoint_id: UUID) -> Lineage:
    """Raises NotFound."""
    found = checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
    ancestors: list[Checkpoint] = []
    at, seen = found, {found.id}
    while at.parent_id is not None and at.parent_id not in seen and len(seen) < _GENERATIONS:
        parent = Checkpoint.objects.for_tenant(tenant_id).filter(id=at.parent_id).first()
        if parent is None:
            break
        ancestors.append(parent)
        seen.add(parent.id)
        at = parent
    job = _job_of(found)
    return Lineage(
        ancestors=ancestors,
        job=job,
        steps=list(_steps(found, job)),
        turns=checkpoint_samples(tenant_id=tenant_id, checkpoint=found).count(),
    )


def checkpoint_samples(*, tenant_id: UUID, checkpoint: Checkpoint) -> QuerySet[BatchSample]:
    """What it learned from since its parent: turns, their rewards and advantages."""
    batches = _steps(checkpoint, _job_of(checkpoint)).values_list("batch_id", flat=True)
    return BatchSample.objects.for_tenant(tenant_id).filter(batch_id__in=batches)


def prompts_trained(*, tenant_id: UUID, hashes: set[bytes]) -> set[bytes]:
    """Of conversations, by their hash, those that a turn in a batch has."""
    rows = BatchSample.objects.for_tenant(tenant_id).filter(turn__asked_hash__in=hashes)
    return {bytes(one) for one in rows.values_list("turn__asked_hash", flat=True) if one}


def _learned_from(tenant_id: UUID, turn_id: UUID) -> list[UUID]:
    steps = (
        TrainingStep.objects.for_tenant(tenant_id)
        .filter(status="confirmed", batch__samples__turn_id=turn_id)
        .select_related("job__start")
    )
    found: list[UUID] = []
    for step in steps:
        # Steps count from where their job began, checkpoints from the policy's beginning.
        at = step.number + (step.job.start.step if step.job.start else 0)
        later = Checkpoint.objects.for_tenant(tenant_id).filter(job=step.job, step__gte=at)
        found += later.order_by("step").values_list("id", flat=True)[:1]
    return found


def _job_of(checkpoint: Checkpoint) -> TrainingJob | None:
    if checkpoint.job_id is None:
        return None
    rows = TrainingJob.objects.for_tenant(checkpoint.tenant_id)
    return rows.filter(id=checkpoint.job_id).first()


def _steps(checkpoint: Checkpoint, job: TrainingJob | None) -> QuerySet[TrainingStep]:
    """The job's steps that lie between its parent and it."""
    rows = TrainingStep.objects.for_tenant(checkpoint.tenant_id).filter(status="confirmed")
    if job is None:
        return rows.none()
    start = _step_of(checkpoint.tenant_id, job.start_id)
    parent = _step_of(checkpoint.tenant_id, checkpoint.parent_id)
    return rows.filter(
        Q(number__gt=max(0, parent - start), number__lte=checkpoint.step - start), job=job
    ).order_by("number")


def _step_of(tenant_id: UUID, checkpoint_id: UUID | None) -> int:
    if checkpoint_id is None:
        return 0
    rows = Checkpoint.objects.for_tenant(tenant_id).filter(id=checkpoint_id)
    return rows.values_list("step", flat=True).first() or 0


def _of_policy(policy: TrainingPolicy, status: str) -> Checkpoint | None:
    rows = Checkpoint.objects.for_tenant(policy.tenant_id).filter(policy=policy)
    return rows.filter(status=status).first()


def _newest(name: str, model: type[Gate | CheckpointTrial], tenant_id: UUID) -> "Prefetch[Any]":
    return Prefetch(name, queryset=model.objects.for_tenant(tenant_id).order_by("-id"))
