"""Asking for background work."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Least

from apps.core.bell import ring_on_commit
from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job

RUN_JOB_TASK = "jobs.run"
_BELL_WITHIN = timedelta(seconds=60)


def job_enqueue(
    *,
    tenant_id: UUID,
    kind: str,
    payload: dict[str, Any],
    queue: str = Job.Queue.FAST,
    run_after: datetime | None = None,
    dedupe_key: str = "",
) -> UUID:
    """Store a job in the current transaction and ring for it on commit.

    With a ``dedupe_key``, a job of the same kind and key that still waits is returned instead
    of a second one, brought forward if the new time is earlier.
    """
    due = run_after or now()
    with tenant_tx(tenant_id):
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    tenant_id=tenant_id,
                    kind=kind,
                    payload=payload,
                    queue=queue,
                    run_after=due,
                    dedupe_key=dedupe_key,
                )
            job_id = job.id
        except IntegrityError:
            waiting = Job.objects.for_tenant(tenant_id).filter(
                kind=kind, dedupe_key=dedupe_key, status=Job.Status.QUEUED
            )
            waiting.update(run_after=Least(F("run_after"), due))
            found = waiting.values_list("id", flat=True).first()
            if found is None:  # claimed between the two statements: ask again
                return job_enqueue(
                    tenant_id=tenant_id,
                    kind=kind,
                    payload=payload,
                    queue=queue,
                    run_after=run_after,
                    dedupe_key=dedupe_key,
                )
            job_id = found
        ring_for_job(tenant_id=tenant_id, job_id=job_id, queue=queue, due=due)
    return job_id


def jobs_withdraw(*, tenant_id: UUID, kind: str, dedupe_keys: Collection[str]) -> int:
    """Take back jobs that nobody has begun; answers with how many."""
    with tenant_tx(tenant_id):
        waiting = Job.objects.for_tenant(tenant_id).filter(
            kind=kind, dedupe_key__in=dedupe_keys, status=Job.Status.QUEUED
        )
        return waiting.delete()[0] if dedupe_keys else 0


def ring_for_job(*, tenant_id: UUID, job_id: UUID, queue: str, due: datetime) -> None:
    """Wake a worker for the job at ``due``, unless that is far off: the sweep rings later."""
    wait = due - now()
    if wait > _BELL_WITHIN:
        return
    countdown = max(0.0, wait.total_seconds())

    def ring() -> None:
        current_app.send_task(
            RUN_JOB_TASK,
            kwargs={"tenant_id": str(tenant_id), "job_id": str(job_id)},
            queue=queue,
            countdown=countdown or None,
            ignore_result=True,
            retry=False,
        )

    ring_on_commit(ring)
