"""Workers that do an export or a deletion until it is done, or until they are killed."""

import os
import random
import signal
import sys
import time
from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.exports.services import rows
from apps.exports.services.deleting import emptying, running
from apps.jobs import runner
from apps.jobs.models import Job
from apps.jobs.runner import job_run

# Only so that the test need not wait for the real one, and has many moments to die in.
runner.LEASE = timedelta(seconds=1)
rows.FILE_ROWS = 3
_some_delete = emptying.some_delete


def _few(model, tenant_id, most=2, **but):
    time.sleep(random.uniform(0, 0.02))
    return _some_delete(model, tenant_id, most, **but)


running.some_delete = _few


def open_jobs(tenant_id: UUID, kind: str) -> list[UUID]:
    with tenant_tx(tenant_id):
        jobs = Job.objects.for_tenant(tenant_id).exclude(status__in=["done", "dead"])
        return list(jobs.filter(kind=kind, run_after__lte=now()).values_list("id", flat=True))


def work(tenant_id: UUID, kind: str) -> None:
    while job_ids := open_jobs(tenant_id, kind):
        for job_id in job_ids:
            job_run(tenant_id=tenant_id, job_id=job_id)
        time.sleep(0.02)


def start(tenant_id: UUID, kind: str) -> int:
    pid = os.fork()
    if pid == 0:
        random.seed()
        work(tenant_id, kind)
        connection.close()
        os._exit(0)
    return pid


def main(tenant_id: UUID, kind: str, kills: int) -> None:
    """Kill one of two workers again and again, and have another one do what is left.

    Jobs do not give up for a crash, but for the count of them.
    """
    assert apps.ready
    runner.MAX_CRASHES = 10_000
    workers = [start(tenant_id, kind), start(tenant_id, kind)]
    killed = 0
    for _ in range(kills):
        time.sleep(random.uniform(0.02, 0.15))
        os.kill(workers[0], signal.SIGKILL)
        _, status = os.waitpid(workers.pop(0), 0)
        killed += os.WIFSIGNALED(status)
        workers.append(start(tenant_id, kind))
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    # On a busy machine a step can take longer than the short lease: two would go on taking a
    # job from each other.
    runner.LEASE = timedelta(minutes=1)
    os.waitpid(start(tenant_id, kind), 0)
    sys.stdout.write(f"{killed}\n")
