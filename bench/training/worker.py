"""A worker that does training jobs as they come, until it is killed.

Imported once by a process that workers are forked from: loading the SDK takes seconds, in which
nothing happens that a kill could disturb. That process opens no connection and starts no thread.
"""

import os
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
django.setup()

import tinker  # noqa: E402, F401  # loaded before the fork
from transformers import AutoTokenizer  # noqa: E402, F401  # loaded before the fork

from apps.jobs import runner  # noqa: E402

_LOOK_SECONDS = 0.05


def work() -> None:
    """Never returns."""
    # So short only that a dead worker's job is soon taken over.
    runner.LEASE, runner.HEARTBEAT_SECONDS = timedelta(seconds=1), 0.2
    while True:
        due = [job for job in runner.jobs_due() if job.kind == "training.advance"]
        for one in due[:1]:
            runner.job_run(tenant_id=one.tenant_id, job_id=one.id)
        if not due:
            time.sleep(_LOOK_SECONDS)
