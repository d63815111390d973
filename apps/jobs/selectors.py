from uuid import UUID

from django.db.models import Count

from apps.jobs.models import Job


def job_counts(*, tenant_id: UUID) -> dict[str, int]:
    """How many jobs of the tenant are in each status; a status without jobs counts 0."""
    counts = dict.fromkeys(Job.Status.values, 0)
    rows = Job.objects.for_tenant(tenant_id).values_list("status").annotate(n=Count("id"))
    return counts | dict(rows)


def jobs_waiting(*, tenant_id: UUID, kind: str) -> int:
    """How many jobs of a kind nobody has begun."""
    jobs = Job.objects.for_tenant(tenant_id)
    return jobs.filter(kind=kind, status=Job.Status.QUEUED).count()


def is_job_alive(*, tenant_id: UUID, kind: str, dedupe_key: str) -> bool:
    """Whether somebody does that work, or will."""
    jobs = Job.objects.for_tenant(tenant_id).filter(kind=kind, dedupe_key=dedupe_key)
    return jobs.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING]).exists()
