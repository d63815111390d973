"""Rollouts that nobody plays any more: rung for again, or ended with a sentence."""

from typing import Final
from uuid import UUID

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs.selectors import is_job_alive
from apps.live.events import Changed, publish_on_commit
from apps.training.models import Rollout, TrainingJob
from apps.training.selectors.rollouts import rollouts_open
from apps.training.services.rollouts.asking import ROLLOUT_KIND, rollout_ring
from apps.training.services.rollouts.running import MOST_TRIES

_GAVE_UP: Final = (
    "Its workers died of it {tries} times, or gave it up. What was played is kept; ask for"
    " another rollout for the rest."
)
_JOB_OVER: Final = "The training job that it was played for is over."


def rollouts_sweep() -> int:
    """Ring for rollouts by hand whose job was given up, until that was too often; end those of
    training jobs that are over. Answers with how many it found. Safe to repeat."""
    found = rollouts_open()
    return sum(_look(tenant_id, rollout_id) for tenant_id, rollout_id in found)


def _look(tenant_id: UUID, rollout_id: UUID) -> bool:
    with tenant_tx(tenant_id):
        rows = Rollout.objects.for_tenant(tenant_id).exclude(status__in=Rollout.ENDED)
        rollout = rows.select_for_update(of=("self",)).filter(id=rollout_id).first()
        if rollout is None:
            return False
        if rollout.job_id is not None:
            return _look_at_job(rollout, rollout.job_id)
        if is_job_alive(tenant_id=tenant_id, kind=ROLLOUT_KIND, dedupe_key=str(rollout_id)):
            return False
        tries = rollout.tries + 1
        if tries >= MOST_TRIES:
            _end(rollout, Rollout.Status.FAILED, "given_up", _GAVE_UP.format(tries=tries))
        else:
            Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id).update(tries=tries)
            rollout_ring(rollout)
        return True


def _look_at_job(rollout: Rollout, job_id: UUID) -> bool:
    """A job that has not ended comes back to it by itself."""
    jobs = TrainingJob.objects.for_tenant(rollout.tenant_id).filter(id=job_id)
    if not jobs.filter(status__in=TrainingJob.ENDED).exists():
        return False
    _end(rollout, Rollout.Status.CANCELLED, "job_over", _JOB_OVER)
    return True


def _end(rollout: Rollout, status: str, reason: str, note: str) -> None:
    rows = Rollout.objects.for_tenant(rollout.tenant_id).filter(id=rollout.id)
    rows.update(status=status, reason=reason, note=note, ended_at=now())
    publish_on_commit(rollout.tenant_id, Changed("training.rollout", str(rollout.id), status))
