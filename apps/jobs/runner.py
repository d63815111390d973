"""Doing a job: claim, keep the lease alive, run the handler, note the outcome."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import uniform
from uuid import UUID

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from apps.core.clock import now
from apps.core.errors import DomainError, UpstreamFailed
from apps.core.said import say
from apps.core.tenancy import directory, tenant_tx
from apps.core.tracing import JobSpan, job_span
from apps.jobs.errors import LeaseLost
from apps.jobs.handlers import JobRun, handler_for
from apps.jobs.models import Job
from apps.jobs.services import jobs_moved, ring_for_job

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
HEARTBEAT_SECONDS = 4.0
MAX_CRASHES = 10
_SWEEP_LIMIT = 500
_KEPT = timedelta(days=14)
_PRUNE_AT_ONCE = 2000
_BACKOFF_MAX_SECONDS = 300.0
_DIED = say("job_worker_died", "Its worker died every time.")


def job_run(*, tenant_id: UUID, job_id: UUID) -> None:
    """Do the job if it is due and nobody has it. Safe to call at any time, any number of times."""
    job = _claim(tenant_id=tenant_id, job_id=job_id)
    if job is None:
        return
    attempt = job.attempts + job.crashes + 1
    with job_span(tenant_id=tenant_id, job_id=job_id, kind=job.kind, attempt=attempt) as span:
        _do(
            JobRun(tenant_id=tenant_id, job_id=job_id, fence=job.fence, payload=job.payload),
            job,
            span,
        )


def _do(run: JobRun, job: Job, span: JobSpan) -> None:
    try:
        with _heartbeat(run):
            handler_for(job.kind)(run)
    except LeaseLost as exc:
        logger.warning("jobs.lease_lost", extra={"job_id": run.job_id, "kind": job.kind})
        span.ended("lease_lost", type(exc).__name__)
    except UpstreamFailed as exc:
        outcome = _attempt_failed(run, job, reason=exc.detail, permanent=exc.permanent)
        span.ended(outcome, exc.code)
    except DomainError as exc:
        # An expected refusal stays a refusal however often it is tried.
        span.ended(_attempt_failed(run, job, reason=exc.detail, permanent=True), exc.code)
    except (Exception, SoftTimeLimitExceeded) as exc:  # the worker's edge: a bug must not end it
        logger.exception("jobs.failed", extra={"job_id": run.job_id, "kind": job.kind})
        outcome = _attempt_failed(run, job, reason=repr(exc)[:2000], permanent=False)
        span.ended(outcome, type(exc).__name__)
    else:
        _move(run, status=Job.Status.DONE, finished_at=Now(), last_error="")
        span.ended("done")


def jobs_sweep() -> int:
    """Ring again for every job that is due or whose worker died. Returns how many."""
    due = jobs_due()
    for job in due:
        ring_for_job(tenant_id=job.tenant_id, job_id=job.id, queue=job.queue, due=now())
    return len(due)


def jobs_due() -> list[Job]:
    """The jobs that somebody may take now, of all workspaces, those that wait longest first."""
    with directory():
        return list(
            Job.objects.across_tenants()
            .filter(
                Q(status=Job.Status.QUEUED, run_after__lte=Now())
                | Q(status=Job.Status.RUNNING, lease_until__lt=Now())
            )
            .order_by("run_after")
            .only("tenant_id", "id", "kind", "queue")[:_SWEEP_LIMIT]
        )


def jobs_prune() -> int:
    """Delete jobs that were done or given up long ago; answers with how many."""
    ended = Q(status__in=[Job.Status.DONE, Job.Status.DEAD], finished_at__lt=now() - _KEPT)
    with directory():
        tenants = list(
            Job.objects.across_tenants().filter(ended).values_list("tenant_id").distinct()
        )
    gone = 0
    for (tenant_id,) in tenants:
        while True:
            with tenant_tx(tenant_id):
                jobs = Job.objects.for_tenant(tenant_id)
                some = list(jobs.filter(ended).values_list("id", flat=True)[:_PRUNE_AT_ONCE])
                gone += jobs.filter(id__in=some).delete()[0] if some else 0
            if len(some) < _PRUNE_AT_ONCE:
                break
    return gone


def _claim(*, tenant_id: UUID, job_id: UUID) -> Job | None:
    with tenant_tx(tenant_id):
        rows = Job.objects.for_tenant(tenant_id).filter(id=job_id)
        # The database's clock decides: workers' clocks differ.
        abandoned = rows.filter(status=Job.Status.RUNNING, lease_until__lt=Now())
        if abandoned.filter(crashes__gte=MAX_CRASHES).update(
            status=Job.Status.DEAD, finished_at=Now(), last_error=_DIED
        ):
            jobs_moved(tenant_id)
            return None
        claimed = rows.filter(status=Job.Status.QUEUED, run_after__lte=Now()).update(
            status=Job.Status.RUNNING, lease_until=Now() + LEASE, fence=F("fence") + 1
        ) or abandoned.update(
            lease_until=Now() + LEASE, fence=F("fence") + 1, crashes=F("crashes") + 1
        )
        if not claimed:
            return None
        jobs_moved(tenant_id)
        return rows.get()


@contextmanager
def _heartbeat(run: JobRun) -> Iterator[None]:
    """Extend the lease while the handler works; a killed worker stops extending it."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(HEARTBEAT_SECONDS):
            try:
                _move(run, lease_until=Now() + LEASE)
            except Exception:  # a failed beat is tried again; the lease outlives three of them
                logger.warning("jobs.heartbeat_failed", extra={"job_id": run.job_id})
                connection.close()
        connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _attempt_failed(run: JobRun, job: Job, *, reason: str, permanent: bool) -> str:
    """Put it back or give it up; answers with which of the two."""
    attempts = job.attempts + 1
    if permanent or attempts >= job.max_attempts:
        _move(
            run,
            status=Job.Status.DEAD,
            attempts=attempts,
            last_error=reason,
            finished_at=Now(),
            lease_until=None,
        )
        logger.warning("jobs.dead", extra={"job_id": run.job_id, "kind": job.kind})
        return "dead"
    pause = min(_BACKOFF_MAX_SECONDS, 2.0**attempts) * uniform(0.8, 1.2)  # noqa: S311
    due = now() + timedelta(seconds=pause)
    _requeue(run, attempts=attempts, reason=reason, pause=timedelta(seconds=pause))
    ring_for_job(tenant_id=run.tenant_id, job_id=run.job_id, queue=job.queue, due=due)
    return "retry"


def _requeue(run: JobRun, *, attempts: int, reason: str, pause: timedelta) -> None:
    with tenant_tx(run.tenant_id):
        mine = Job.objects.for_tenant(run.tenant_id).filter(
            id=run.job_id, fence=run.fence, status=Job.Status.RUNNING
        )
        try:
            with transaction.atomic():
                mine.update(
                    status=Job.Status.QUEUED,
                    attempts=attempts,
                    last_error=reason,
                    lease_until=None,
                    run_after=Now() + pause,
                )
        except IntegrityError:
            # The same work waits already: this row need not come back.
            mine.update(status=Job.Status.DONE, finished_at=Now(), last_error=reason)
        jobs_moved(run.tenant_id)


def _move(run: JobRun, **fields: object) -> None:
    """Write to the job row, but only while this attempt owns it."""
    with tenant_tx(run.tenant_id):
        Job.objects.for_tenant(run.tenant_id).filter(
            id=run.job_id, fence=run.fence, status=Job.Status.RUNNING
        ).update(**fields)
        if "status" in fields:  # a heartbeat moves nothing
            jobs_moved(run.tenant_id)
