"""Asking for training, and stopping it.

What begins jobs by itself is ``services.beginning``, what moves them ``services.advancing``.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.connecting import queue_for
from apps.training.errors import JobAlreadyActive, JobEnded
from apps.training.models import Checkpoint, TrainingJob, TrainingPolicy
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import checkpoint_latest, job_get, policy_get, step_last
from apps.training.services.making import checkpoint_make

ADVANCE_KIND: Final = "training.advance"
# States behind a step are kept so long: for going on after a pause, and for a look back.
STATE_TTL: Final = timedelta(days=14)
_WAITING: Final = (
    TrainingJob.Status.QUEUED,
    TrainingJob.Status.WAITING_WINDOW,
    TrainingJob.Status.PAUSED,
)


def job_create(
    *,
    tenant_id: UUID,
    actor: Actor,
    policy_id: UUID,
    trigger: str,
    steps: int | None = None,
    is_now: bool = False,
    start_id: UUID | None = None,
) -> TrainingJob:
    """Plan ``steps`` optimizer steps (the policy's number unless given).

    Goes on from ``start_id``, a checkpoint of this policy, or from its youngest. ``is_now``
    does not wait for a window. Raises JobAlreadyActive: a policy trains one job at a time.
    """
    with tenant_tx(tenant_id):
        policy = policy_get(tenant_id=tenant_id, policy_id=policy_id)
        start = starting_checkpoint(policy, start_id)
        try:
            with transaction.atomic():
                job = TrainingJob.objects.create(
                    tenant_id=tenant_id,
                    policy=policy,
                    trigger=trigger,
                    is_now=is_now,
                    asked_by=actor.label,
                    planned_steps=steps or policy.steps_per_job,
                    start=start,
                    settings=Recipe.of(policy).facts(),
                )
        except IntegrityError as exc:
            raise JobAlreadyActive(
                say(
                    "job_under_way",
                    "A job of this policy is under way. Cancel it, or wait for its end.",
                )
            ) from exc
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="training_job.created",
            subject=str(job.id),
            detail=f"{policy.name}: {job.planned_steps} steps",
        )
        job_ring(job)
        return job_get(tenant_id=tenant_id, job_id=job.id)


def job_cancel(*, tenant_id: UUID, actor: Actor, job_id: UUID) -> TrainingJob:
    """End a job after the step in hand; the checkpoint before it stays. Raises JobEnded."""
    with tenant_tx(tenant_id):
        job = _open(tenant_id, job_id)
        job_set(job, wants_cancel=True)
        if job.status in _WAITING:
            job_end_early(job)
        _noted(job, actor, "training_job.cancelled")
        return job_get(tenant_id=tenant_id, job_id=job_id)


def job_end_early(job: TrainingJob) -> None:
    """Cancel the job where it stands, in the caller's transaction. What its last confirmed step
    left at the trainer becomes a checkpoint, for as long as it is kept there."""
    last = step_last(tenant_id=job.tenant_id, job_id=job.id)
    if last is not None:
        kept_until = (last.confirmed_at or now()) + STATE_TTL
        checkpoint_make(
            job=job,
            steps=last.number,
            state_path=last.state_path,
            sampler_path=last.sampler_path,
            expires_at=kept_until,
            note=say(
                "checkpoint_kept",
                "Kept from a cancelled job, after {done} of {planned} steps.",
                done=last.number,
                planned=job.planned_steps,
            ),
        )
    status = TrainingJob.Status.CANCELLED
    job_set(job, status=status, ended_at=now(), reason="", note="")
    publish_on_commit(job.tenant_id, Changed("training.job", str(job.id), status))


def job_pause(*, tenant_id: UUID, actor: Actor, job_id: UUID) -> TrainingJob:
    """Stop after the step in hand, and keep the place. Raises JobEnded."""
    with tenant_tx(tenant_id):
        job = _open(tenant_id, job_id)
        note = say("job_paused", "Paused by {who}.", who=actor.label)
        if job.status in _WAITING:
            job_set(job, status=TrainingJob.Status.PAUSED, reason="by_hand", note=note)
        job_set(job, wants_pause=True)
        _noted(job, actor, "training_job.paused")
        return job_get(tenant_id=tenant_id, job_id=job_id)


def job_resume(*, tenant_id: UUID, actor: Actor, job_id: UUID, is_now: bool = False) -> TrainingJob:
    """Go on where it stopped; with ``is_now`` without waiting for a window. Raises JobEnded."""
    with tenant_tx(tenant_id):
        job = _open(tenant_id, job_id)
        job_set(job, wants_pause=False, is_now=job.is_now or is_now)
        if job.status in _WAITING:
            job_set(job, status=TrainingJob.Status.QUEUED, reason="", note="")
        job_ring(job)
        _noted(job, actor, "training_job.resumed")
        return job_get(tenant_id=tenant_id, job_id=job_id)


def job_ring(job: TrainingJob) -> None:
    """Have a worker go on with the job."""
    job_enqueue(
        tenant_id=job.tenant_id,
        kind=ADVANCE_KIND,
        payload={"job_id": str(job.id)},
        queue=queue_for(job.policy.upstream.kind),
        dedupe_key=str(job.id),
    )
    publish_on_commit(job.tenant_id, Changed("training.job", str(job.id), job.status))


def starting_checkpoint(policy: TrainingPolicy, start_id: UUID | None) -> Checkpoint | None:
    """Where a new job goes on from: the checkpoint that was named, or the policy's youngest."""
    if start_id is None:
        return checkpoint_latest(tenant_id=policy.tenant_id, policy_id=policy.id)
    rows = Checkpoint.objects.for_tenant(policy.tenant_id).filter(policy_id=policy.id)
    found = rows.filter(id=start_id).first()
    if found is None or found.status == Checkpoint.Status.GONE:
        raise JobEnded(
            say("job_no_start", "There is no such checkpoint of this policy to go on from.")
        )
    return found


def _open(tenant_id: UUID, job_id: UUID) -> TrainingJob:
    job = job_get(tenant_id=tenant_id, job_id=job_id)
    if job.status in TrainingJob.ENDED:
        raise JobEnded(say("job_over", "This job is over: it is {status}.", status=job.status))
    return job


def job_set(job: TrainingJob, **values: object) -> None:
    """Change its row, and the object in hand with it."""
    TrainingJob.objects.for_tenant(job.tenant_id).filter(id=job.id).update(**values)
    for name, value in values.items():
        setattr(job, name, value)


def _noted(job: TrainingJob, actor: Actor, action: str) -> None:
    audit_record(
        tenant_id=job.tenant_id,
        actor=actor,
        action=action,
        subject=str(job.id),
        detail=job.policy.name,
    )
    publish_on_commit(job.tenant_id, Changed("training.job", str(job.id), job.status))
