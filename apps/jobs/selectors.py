from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from apps.jobs.errors import JobNotFound
from apps.jobs.models import Job


def job_counts(*, tenant_id: UUID) -> dict[str, int]:
    """How many jobs of the tenant are in each status; a status without jobs counts 0."""
    counts = dict.fromkeys(Job.Status.values, 0)
    rows = Job.objects.for_tenant(tenant_id).values_list("status").annotate(n=Count("id"))
    return counts | dict(rows)


def jobs_list(
    *, tenant_id: UUID, status: str = "", kind: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """The tenant's jobs as they stand, without what they were asked to do."""
    jobs = Job.objects.for_tenant(tenant_id)
    if status:
        jobs = jobs.filter(status=status)
    if kind:
        jobs = jobs.filter(kind=kind)
    shown: QuerySet[Any, dict[str, Any]] = jobs.values(*_SHOWN)
    return shown


def job_get(*, tenant_id: UUID, job_id: UUID) -> dict[str, Any]:
    """One of them. Raises JobNotFound."""
    found = jobs_list(tenant_id=tenant_id).filter(id=job_id).first()
    if found is None:
        raise JobNotFound
    return found


_SHOWN = (
    "id",
    "kind",
    "queue",
    "status",
    "attempts",
    "max_attempts",
    "crashes",
    "last_error",
    "created_at",
    "run_after",
    "updated_at",
    "finished_at",
)


def jobs_waiting(*, tenant_id: UUID, kind: str) -> int:
    """How many jobs of a kind nobody has begun."""
    jobs = Job.objects.for_tenant(tenant_id)
    return jobs.filter(kind=kind, status=Job.Status.QUEUED).count()


def is_job_alive(*, tenant_id: UUID, kind: str, dedupe_key: str) -> bool:
    """Whether somebody does that work, or will."""
    jobs = Job.objects.for_tenant(tenant_id).filter(kind=kind, dedupe_key=dedupe_key)
    return jobs.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING]).exists()
