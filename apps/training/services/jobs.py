"""Asking for training, and stopping it. What moves a job is ``services.advancing``."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.jobs.selectors import is_job_alive
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.connecting import queue_for
from apps.training.errors import JobAlreadyActive, JobEnded
from apps.training.models import Checkpoint, TrainingJob, TrainingPolicy
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import (
    checkpoint_latest,
    job_get,
    jobs_under_way,
    policies_of_mode,
    policy_get,
    step_last,
)
from apps.training.selectors.samples import examples_waiting, groups_telling
from apps.training.services.making import checkpoint_make
from apps.training.services.rollouts.recorded import prompts_open

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
        start = _start(policy, start_id)
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
        _set(job, wants_cancel=True)
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
    _set(job, status=status, ended_at=now(), reason="", note="")
    publish_on_commit(job.tenant_id, Changed("training.job", str(job.id), status))


def job_pause(*, tenant_id: UUID, actor: Actor, job_id: UUID) -> TrainingJob:
    """Stop after the step in hand, and keep the place. Raises JobEnded."""
    with tenant_tx(tenant_id):
        job = _open(tenant_id, job_id)
        note = say("job_paused", "Paused by {who}.", who=actor.label)
        if job.status in _WAITING:
            _set(job, status=TrainingJob.Status.PAUSED, reason="by_hand", note=note)
        _set(job, wants_pause=True)
        _noted(job, actor, "training_job.paused")
        return job_get(tenant_id=tenant_id, job_id=job_id)


def job_resume(*, tenant_id: UUID, actor: Actor, job_id: UUID, is_now: bool = False) -> TrainingJob:
    """Go on where it stopped; with ``is_now`` without waiting for a window. Raises JobEnded."""
    with tenant_tx(tenant_id):
        job = _open(tenant_id, job_id)
        _set(job, wants_pause=False, is_now=job.is_now or is_now)
        if job.status in _WAITING:
            _set(job, status=TrainingJob.Status.QUEUED, reason="", note="")
        job_ring(job)
        _noted(job, actor, "training_job.resumed")
        return job_get(tenant_id=tenant_id, job_id=job_id)


def window_opened(*, tenant_id: UUID, window_id: UUID) -> None:
    """Begin what waits for a window, and what its policy wants done in every one.

    Safe to repeat: a policy has one job at a time, and one that is moving is only rung for.
    """
    with tenant_tx(tenant_id):
        waiting = TrainingJob.objects.for_tenant(tenant_id).filter(
            status__in=[TrainingJob.Status.WAITING_WINDOW, TrainingJob.Status.PAUSED],
            wants_pause=False,
        )
        for job in waiting:
            _set(job, status=TrainingJob.Status.QUEUED, window_id=window_id, reason="", note="")
            job_ring(job)
        jobs_begin(
            tenant_id=tenant_id,
            mode=TrainingPolicy.Mode.AUTO,
            trigger=TrainingJob.Trigger.WINDOW,
            window_id=window_id,
        )


def window_closed(*, tenant_id: UUID, window_id: UUID) -> None:
    """Nothing to be done: a job asks before each step whether its window is still open."""
    publish_on_commit(tenant_id, Changed("training.window", str(window_id), "closed"))


def jobs_begin(
    *, tenant_id: UUID, mode: str, trigger: str, window_id: UUID | None = None
) -> list[UUID]:
    """A job for each policy of this mode that has something to learn from and none under way.

    Safe to repeat: a policy has one job at a time, and one job a window.
    """
    begun: list[UUID] = []
    with tenant_tx(tenant_id):
        jobs = TrainingJob.objects.for_tenant(tenant_id)
        taken = ~Q(status__in=TrainingJob.ENDED)
        if window_id is not None:
            taken |= Q(window_id=window_id)
        busy = set(jobs.filter(taken).values_list("policy_id", flat=True))
        policies = TrainingPolicy.objects.for_tenant(tenant_id).filter(mode=mode)
        for policy in policies.exclude(id__in=busy):
            steps = steps_possible(policy)
            if steps:
                job_id = _begin(policy, trigger, steps, window_id)
                begun += [job_id] if job_id else []
    return begun


def steps_possible(policy: TrainingPolicy) -> int:
    """How many steps there are samples for, up to what the policy wants in a job."""
    if policy.source == TrainingPolicy.Source.TASKS:
        return policy.steps_per_job
    if policy.source == TrainingPolicy.Source.EXPERTS:
        answers = examples_waiting(policy)
        return min(policy.steps_per_job, answers // policy.groups_per_step)
    if policy.source == TrainingPolicy.Source.PROMPTS:
        return _steps_of_prompts(policy)
    found = groups_telling(
        tenant_id=policy.tenant_id,
        base_model=policy.base_model,
        agent=policy.agent,
        has_rewards=policy.has_rewards,
    )
    return min(policy.steps_per_job, found // policy.groups_per_step)


def _steps_of_prompts(policy: TrainingPolicy) -> int:
    """Prompts may be asked again in a later job; but whoever begins a job as soon as a batch is
    full would do so without end, and means new ones."""
    found = prompts_open(tenant_id=policy.tenant_id, policy_id=policy.id, agent=policy.agent)
    if policy.mode == TrainingPolicy.Mode.RL:
        found = [one for one in found if not one.asked]
        return min(policy.steps_per_job, len(found) // policy.groups_per_step)
    return policy.steps_per_job if len(found) >= policy.groups_per_step else 0


def _begin(policy: TrainingPolicy, trigger: str, steps: int, window_id: UUID | None) -> UUID | None:
    """The new job; None where somebody else began one at this moment."""
    try:
        with transaction.atomic():
            job = TrainingJob.objects.create(
                tenant_id=policy.tenant_id,
                policy=policy,
                trigger=trigger,
                window_id=window_id,
                planned_steps=steps,
                start=_start(policy, None),
                settings=Recipe.of(policy).facts(),
                is_now=policy.mode == TrainingPolicy.Mode.RL,
            )
    except IntegrityError:
        return None
    job_ring(job)
    return job.id


def jobs_sweep() -> int:
    """Ring for jobs that should be moving and whom nobody moves; answers with how many.

    A worker that died too often is given up by ``jobs``; the training it did is not. Begins
    what policies of the mode ``rl`` have a full batch for.
    """
    rung = 0
    for tenant_id in policies_of_mode(TrainingPolicy.Mode.RL):
        jobs_begin(
            tenant_id=tenant_id,
            mode=TrainingPolicy.Mode.RL,
            trigger=TrainingJob.Trigger.FULL,
        )
    for tenant_id, job_id in jobs_under_way():
        with tenant_tx(tenant_id):
            if is_job_alive(tenant_id=tenant_id, kind=ADVANCE_KIND, dedupe_key=str(job_id)):
                continue
            job_ring(job_get(tenant_id=tenant_id, job_id=job_id))
            rung += 1
    return rung


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


def _start(policy: TrainingPolicy, start_id: UUID | None) -> Checkpoint | None:
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


def _set(job: TrainingJob, **values: object) -> None:
    TrainingJob.objects.for_tenant(job.tenant_id).filter(id=job.id).update(**values)
    for name, value in values.items():
        setattr(job, name, value)


def _noted(job: TrainingJob, actor: Actor, action: str) -> None:
    audit_record(tenant_id=job.tenant_id, actor=actor, action=action, subject=str(job.id))
    publish_on_commit(job.tenant_id, Changed("training.job", str(job.id), job.status))
