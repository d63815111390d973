"""Workers for the kill test: they do due jobs until none is left, or until they are killed.

The process that test_kills starts loads Django once and forks the workers from there, since
starting one from scratch takes longer than the whole test should.
"""

import os
import random
import signal
import sys
import time
from datetime import timedelta
from uuid import UUID

from django.db import connection

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs import runner
from apps.jobs.handlers import JobRun, handles
from apps.jobs.models import Job
from apps.tenants.models import AuditEvent
from apps.tenants.services import audit_record
from apps.tenants.types import SYSTEM

KIND = "test.killed"
# Only so that the test need not wait for the real one.
runner.LEASE = timedelta(seconds=1)


@handles(KIND)
def make_a_mark(run: JobRun) -> None:
    """Look, then write: only the fence keeps two workers from both finding nothing."""
    subject = str(run.payload["number"])
    time.sleep(random.uniform(0, 0.02))
    with run.effect():
        marks = AuditEvent.objects.for_tenant(run.tenant_id).filter(subject=subject)
        if not marks.exists():
            time.sleep(random.uniform(0, 0.02))
            audit_record(
                tenant_id=run.tenant_id, actor=SYSTEM, action="test.effect", subject=subject
            )
        time.sleep(random.uniform(0, 0.01))
    time.sleep(random.uniform(0, 0.01))


def open_jobs(tenant_id: UUID) -> list[UUID]:
    with tenant_tx(tenant_id):
        jobs = Job.objects.for_tenant(tenant_id).exclude(status__in=["done", "dead"])
        return list(jobs.filter(run_after__lte=now()).values_list("id", flat=True))


def work(tenant_id: UUID) -> None:
    while job_ids := open_jobs(tenant_id):
        random.shuffle(job_ids)
        for job_id in job_ids:
            runner.job_run(tenant_id=tenant_id, job_id=job_id)
        time.sleep(0.05)


def start(tenant_id: UUID) -> int:
    pid = os.fork()
    if pid == 0:
        random.seed()
        work(tenant_id)
        connection.close()
        os._exit(0)
    return pid


def main(tenant_id: UUID, kills: int) -> None:
    workers = [start(tenant_id), start(tenant_id)]
    killed = 0
    for _ in range(kills):
        time.sleep(random.uniform(0.02, 0.12))
        os.kill(workers[0], signal.SIGKILL)
        _, status = os.waitpid(workers.pop(0), 0)
        killed += os.WIFSIGNALED(status)
        workers.append(start(tenant_id))
    for pid in workers:
        os.waitpid(pid, 0)
    sys.stdout.write(f"{killed}\n")
