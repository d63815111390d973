"""``python -m bench.training.worker``: does training jobs as they come, until it is killed."""

import os
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
django.setup()

from apps.jobs import runner  # noqa: E402

# So short only that a dead worker's job is soon taken over.
runner.LEASE, runner.HEARTBEAT_SECONDS = timedelta(seconds=2), 0.25
_LOOK_SECONDS = 0.05

while True:
    due = [job for job in runner.jobs_due() if job.kind == "training.advance"]
    for one in due[:1]:
        runner.job_run(tenant_id=one.tenant_id, job_id=one.id)
    if not due:
        time.sleep(_LOOK_SECONDS)
