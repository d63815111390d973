"""Policies, their jobs, and how far those are."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import directory
from apps.training.models import Checkpoint, TrainingJob, TrainingPolicy, TrainingStep


def policy_list(*, tenant_id: UUID) -> QuerySet[TrainingPolicy]:
    return (
        TrainingPolicy.objects.for_tenant(tenant_id)
        .select_related("upstream", "teacher", "fallback", "task_set")
        .order_by("name")
    )


def policy_get(*, tenant_id: UUID, policy_id: UUID) -> TrainingPolicy:
    found = policy_list(tenant_id=tenant_id).filter(id=policy_id).first()
    if found is None:
        raise NotFound
    return found


def policy_named(*, tenant_id: UUID, name: str) -> TrainingPolicy:
    """The policy of that name; without a name the only one there is. Raises NotFound."""
    rows = policy_list(tenant_id=tenant_id)
    if name:
        found = rows.filter(name=name).first()
        if found is None:
            english = "There is no training policy {name!r} in this workspace."
            raise NotFound(say("policy_unknown", english, name=name))
        return found
    listed = list(rows[:2])
    if len(listed) != 1:
        said = (
            say("no_policy", "There is no training policy yet.")
            if not listed
            else say("which_policy", "Say which policy: several.")
        )
        raise NotFound(said)
    return listed[0]


def job_list(*, tenant_id: UUID) -> QuerySet[TrainingJob]:
    """With ``confirmed``, the steps that are done for good."""
    confirmed = Count("steps", filter=Q(steps__status=TrainingStep.Status.CONFIRMED))
    return (
        TrainingJob.objects.for_tenant(tenant_id)
        .select_related("policy__upstream")
        .annotate(confirmed=confirmed)
    )


def job_get(*, tenant_id: UUID, job_id: UUID) -> TrainingJob:
    found = job_list(tenant_id=tenant_id).filter(id=job_id).first()
    if found is None:
        raise NotFound
    return found


def job_active(*, tenant_id: UUID, policy_id: UUID) -> TrainingJob | None:
    """The one job of a policy that has not ended."""
    return (
        job_list(tenant_id=tenant_id)
        .filter(policy_id=policy_id)
        .exclude(status__in=TrainingJob.ENDED)
        .first()
    )


def step_list(*, tenant_id: UUID, job_id: UUID) -> QuerySet[TrainingStep]:
    return TrainingStep.objects.for_tenant(tenant_id).filter(job_id=job_id).order_by("number")


def step_last(*, tenant_id: UUID, job_id: UUID) -> TrainingStep | None:
    """The last step whose state is stored: what a job goes on from."""
    steps = step_list(tenant_id=tenant_id, job_id=job_id)
    return steps.filter(status=TrainingStep.Status.CONFIRMED).last()


def checkpoint_latest(*, tenant_id: UUID, policy_id: UUID) -> Checkpoint | None:
    """Where the next job of a policy starts: the youngest weights that were not turned down."""
    statuses = Checkpoint.Status
    return (
        Checkpoint.objects.for_tenant(tenant_id)
        .filter(policy_id=policy_id)
        .exclude(status__in=[statuses.REJECTED, statuses.GONE])
        .order_by("-step")
        .first()
    )


def jobs_under_way() -> list[tuple[UUID, UUID]]:
    """(workspace, job) of all that should be moving, of every workspace."""
    moving = [TrainingJob.Status.QUEUED, TrainingJob.Status.RUNNING]
    with directory():
        rows = TrainingJob.objects.across_tenants().filter(status__in=moving)
        return list(rows.values_list("tenant_id", "id"))


def steps_since(*, tenant_id: UUID, since: datetime) -> QuerySet[TrainingStep]:
    """Steps that were sent to a trainer since then, whatever became of them."""
    return TrainingStep.objects.for_tenant(tenant_id).filter(sent_at__gte=since)


def steps_sampled_since(*, tenant_id: UUID, since: datetime) -> QuerySet[TrainingStep]:
    """Steps that answers were sampled for since then."""
    return TrainingStep.objects.for_tenant(tenant_id).filter(sampled_at__gte=since)


def policies_of_mode(mode: str) -> list[UUID]:
    """The workspaces that have such a policy."""
    with directory():
        rows = TrainingPolicy.objects.across_tenants().filter(mode=mode)
        return list(rows.values_list("tenant_id", flat=True).distinct())
