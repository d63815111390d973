"""Looking at the canaries that run, and doing what the numbers say."""

from collections.abc import Collection
from uuid import UUID

from apps.evolution import selectors
from apps.evolution.models import Canary
from apps.evolution.services.canary.observing import sessions_settle
from apps.evolution.services.canary.results import finding
from apps.evolution.services.canary.starting import announce, canary_end
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.skills import selectors as skills
from apps.tenants.types import SYSTEM

CANARY_KIND = "evolution.canary"


def canaries_sweep(*, demos: Collection[UUID] | None = None) -> None:
    """Have every running canary looked at, outside of demos or in these. For several times a
    minute."""
    for tenant_id, canary_id in selectors.canaries_running(demos=demos):
        job_enqueue(
            tenant_id=tenant_id,
            kind=CANARY_KIND,
            payload={"canary_id": str(canary_id)},
            dedupe_key=str(canary_id),
        )


def canary_look(*, run: JobRun, canary_id: UUID) -> None:
    """Settle what is over, and end the canary if that decides it. Safe to run again."""
    with run.effect():
        rows = Canary.objects.for_tenant(run.tenant_id).select_for_update()
        canary = rows.filter(id=canary_id, status=Canary.Status.RUNNING).first()
        if canary is None:
            return
        if not skills.trial_exists(tenant_id=run.tenant_id, trial_id=canary.id):
            canary_end(canary, Canary.Status.STOPPED, "", actor=SYSTEM)
            return
        if not sessions_settle(canary):
            return
        found = finding(canary, selectors.canary_sessions(canary=canary))
        canary.result = found.as_json()
        canary.save(update_fields=["result"])
        if found.verdict:
            canary_end(canary, found.verdict, found.reason, actor=SYSTEM)
        else:
            announce(canary)
