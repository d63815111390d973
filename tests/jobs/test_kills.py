"""Workers that are killed at any moment lose nothing and do nothing twice (P10)."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.jobs.services import job_enqueue
from apps.tenants.models import AuditEvent
from tests import database

JOBS = 60
KILLS = 30
ROOT = Path(__file__).parents[2]
NURSERY = """
import sys, uuid
import django
django.setup()
from tests.jobs.kill_worker import main
main(uuid.UUID(sys.argv[1]), int(sys.argv[2]))
"""


def test_sixty_jobs_survive_thirty_kills(committed_tenant):
    for number in range(JOBS):
        job_enqueue(
            tenant_id=committed_tenant,
            kind="test.killed",
            payload={"number": number},
            queue="unheard",
            dedupe_key=str(number),
        )

    done = subprocess.run(
        [sys.executable, "-c", NURSERY, str(committed_tenant), str(KILLS)],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "metaclaw_web.settings.test",
            "DATABASE_URL": database.url(),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    with tenant_tx(committed_tenant):
        jobs = Job.objects.for_tenant(committed_tenant)
        marks = AuditEvent.objects.for_tenant(committed_tenant).filter(action="test.effect")
        statuses = Counter(jobs.values_list("status", flat=True))
        effects = Counter(marks.values_list("subject", flat=True))
        crashes = sum(jobs.values_list("crashes", flat=True))
    assert statuses == {"done": JOBS}
    assert effects == {str(number): 1 for number in range(JOBS)}
    assert (int(done.stdout) > KILLS // 2, crashes > 0) == (True, True)  # it was a real test
