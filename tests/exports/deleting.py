"""A workspace on its way out."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection

from apps.core.clock import now
from apps.core.tenancy import directory, tenant_tx
from apps.exports.services import DELETE_KIND, deletion_ask
from apps.jobs.models import Job
from apps.jobs.runner import job_run
from apps.tenants.models import Tenant
from apps.tenants.types import Actor

OWNER = Actor("user", str(uuid4()), "Olga")


def ask(tenant: Tenant) -> None:
    deletion_ask(tenant_id=tenant.id, actor=OWNER, name=tenant.name)


def let_time_pass(tenant: Tenant) -> None:
    """The grace period is over."""
    with tenant_tx(tenant.id):
        past = now() - timedelta(minutes=1)
        Tenant.objects.filter(id=tenant.id).update(delete_after=past)
        Job.objects.for_tenant(tenant.id).filter(kind=DELETE_KIND).update(run_after=past)


def work(tenant_id: UUID) -> bool:
    """Do the deletion's next job as a worker does; False without one."""
    with tenant_tx(tenant_id):
        jobs = Job.objects.for_tenant(tenant_id).filter(kind=DELETE_KIND, status="queued")
        jobs.update(run_after=now() - timedelta(seconds=1))
        job_id = jobs.values_list("id", flat=True).first()
    if job_id is None:
        return False
    job_run(tenant_id=tenant_id, job_id=job_id)
    return True


def tables_with(text: str) -> dict[str, int]:
    """Every table of the database in a row of which this stands, whatever the column."""
    found = {}
    with directory(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" one WHERE one::text LIKE %s', [f"%{text}%"]
            )
            if count := cursor.fetchone()[0]:
                found[table] = count
    return found
