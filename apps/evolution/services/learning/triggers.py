"""When the evolver is asked."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from apps.core.clock import now
from apps.jobs.services import job_enqueue

EVOLVE_KIND = "evolution.learn"


def evolution_request(*, tenant_id: UUID) -> None:
    """Ask for one evolution run soon. Failures that follow shortly are learned from together."""
    job_enqueue(
        tenant_id=tenant_id,
        kind=EVOLVE_KIND,
        payload={},
        queue="slow",
        run_after=now() + timedelta(seconds=settings.METACLAW_EVOLVE_WAIT_SECONDS),
        dedupe_key="tenant",
    )
