"""Jobs that nobody asked for: a window opens, or there is a full batch to learn from."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.core.tenancy import tenant_tx
from apps.jobs.selectors import is_job_alive
from apps.live.events import Changed, publish_on_commit
from apps.training.models import TrainingJob, TrainingPolicy
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import job_get, jobs_under_way, policies_of_mode
from apps.training.selectors.samples import examples_waiting, groups_telling
from apps.training.services.jobs import ADVANCE_KIND, job_ring, job_set, starting_checkpoint
from apps.training.services.rollouts.recorded import prompts_open


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
            job_set(job, status=TrainingJob.Status.QUEUED, window_id=window_id, reason="", note="")
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
                start=starting_checkpoint(policy, None),
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
