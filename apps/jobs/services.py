"""Asking for background work."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Least

from apps.core.bell import ring_on_commit
from apps.core.bulk import as_json
from apps.core.clock import now
from apps.core.events import Changed, publish_gathered
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.jobs.errors import JobNotDead, JobNotFound, JobWaitsAlready
from apps.jobs.models import Job

RUN_JOB_TASK = "jobs.run"
_BELL_WITHIN = timedelta(seconds=60)
# A worker that was woken goes on with what is due; a bell costs more than the job's row.
_BELLS_AT_ONCE = 20


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
        jobs_moved(tenant_id)
        ring_for_job(tenant_id=tenant_id, job_id=job_id, queue=queue, due=due)
    return job_id


@dataclass(frozen=True, slots=True)
class JobWanted:
    """One of many jobs of a kind; ``dedupe_key`` as for :func:`job_enqueue`."""

    payload: dict[str, Any]
    dedupe_key: str
    run_after: datetime


_ENQUEUE = """
INSERT INTO jobs_job (id, tenant_id, created_at, updated_at, kind, queue, payload,
  dedupe_key, status, run_after, attempts, max_attempts, crashes, fence, last_error)
SELECT id, %(tenant)s, now(), now(), %(kind)s, %(queue)s, payload, dedupe_key, 'queued', run_after,
  0, %(max_attempts)s, 0, 0, ''
FROM json_to_recordset(%(rows)s::json)
  wanted (id uuid, payload jsonb, dedupe_key text, run_after timestamptz)
ON CONFLICT (tenant_id, kind, dedupe_key) WHERE status = 'queued' AND NOT dedupe_key = ''
DO UPDATE SET run_after = least(jobs_job.run_after, excluded.run_after)
RETURNING id, run_after
"""


def jobs_enqueue(
    *, tenant_id: UUID, kind: str, wanted: Sequence[JobWanted], queue: str = Job.Queue.FAST
) -> None:
    """Store many jobs of a kind at once, each with a ``dedupe_key`` of its own.

    Rings for the first of those that are due soon; the sweep rings for the others.
    """
    if not wanted:
        return
    # In one order, so that two writers never wait for each other.
    ordered = sorted(wanted, key=lambda job: job.dedupe_key)
    with tenant_tx(tenant_id), connection.cursor() as cursor:
        cursor.execute(
            _ENQUEUE,
            {
                "tenant": tenant_id,
                "kind": kind,
                "queue": queue,
                "max_attempts": Job._meta.get_field("max_attempts").default,
                "rows": as_json([{"id": uuid7()} | asdict(job) for job in ordered]),
            },
        )
        soon = now() + _BELL_WITHIN
        due = [row for row in cursor.fetchall() if row[1] <= soon]
        jobs_moved(tenant_id)
        for job_id, at in due[:_BELLS_AT_ONCE]:
            ring_for_job(tenant_id=tenant_id, job_id=job_id, queue=queue, due=at)


def job_retry(*, tenant_id: UUID, job_id: UUID) -> None:
    """Have a job that was given up tried again, from its first try on.

    What was said of the last try stays until there is another. Raises JobNotFound, JobNotDead,
    and JobWaitsAlready where the same was asked for again since.
    """
    with tenant_tx(tenant_id):
        job = Job.objects.for_tenant(tenant_id).select_for_update().filter(id=job_id).first()
        if job is None:
            raise JobNotFound
        if job.status != Job.Status.DEAD:
            raise JobNotDead(
                say("job_not_dead", "This job has not been given up: it is tried again by itself.")
            )
        job.status, job.attempts, job.crashes = Job.Status.QUEUED, 0, 0
        job.run_after, job.finished_at = now(), None
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError as exc:
            raise JobWaitsAlready(
                say("job_waits_already", "The same work waits already, as a newer job.")
            ) from exc
        jobs_moved(tenant_id)
        ring_for_job(tenant_id=tenant_id, job_id=job.id, queue=job.queue, due=job.run_after)


_WITHDRAW = """
DELETE FROM jobs_job
WHERE tenant_id = %s AND kind = %s AND dedupe_key = ANY(%s) AND status = %s
"""


def jobs_withdraw(*, tenant_id: UUID, kind: str, dedupe_keys: Collection[str]) -> int:
    """Take back jobs that nobody has begun; answers with how many."""
    if not dedupe_keys:
        return 0
    with tenant_tx(tenant_id), connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, [tenant_id, kind, list(dedupe_keys), Job.Status.QUEUED])
        jobs_moved(tenant_id)
        return int(cursor.rowcount)


def jobs_moved(tenant_id: UUID) -> None:
    """Tell open pages. One turn alone moves a dozen jobs: they are told of together."""
    publish_gathered(tenant_id, Changed("jobs.job", "", "moved"))


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
