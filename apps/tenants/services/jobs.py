"""What people do with background work. Jobs themselves know nobody."""

from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.jobs import selectors as jobs
from apps.jobs.services import job_retry
from apps.tenants.services.audit import audit_record
from apps.tenants.types import Actor


def job_try_again(*, tenant_id: UUID, actor: Actor, job_id: UUID) -> None:
    """Have a job that was given up tried again. Raises as :func:`job_retry`."""
    with tenant_tx(tenant_id):
        job_retry(tenant_id=tenant_id, job_id=job_id)
        kind = jobs.job_get(tenant_id=tenant_id, job_id=job_id)["kind"]
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="job.retried",
            subject=str(job_id),
            detail=kind,
        )
