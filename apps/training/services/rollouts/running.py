"""A rollout by hand, as a job: until it is played, in slices that a worker has time for."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from django.db.models import F

from apps.core.clock import now
from apps.core.errors import DomainError, UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import Sampler
from apps.jobs.handlers import JobRun
from apps.live.events import Changed, publish_on_commit
from apps.training.models import Rollout
from apps.training.selectors import rollouts as selectors
from apps.training.services.rollouts.asking import rollout_ring
from apps.training.services.rollouts.playing import rollout_play

# Of the three and a half minutes that a worker's task may take.
_SLICE_SECONDS = 90.0
# A job is tried as often.
MOST_TRIES = 5

# Of a connection's id, the base model and the path of the weights.
OpenSampler = Callable[[UUID, str, str], AbstractContextManager[Sampler]]


def rollout_run(*, run: JobRun, rollout_id: UUID, open_sampler: OpenSampler) -> None:
    """Play the rollout, and ask for the rest of it where the time was not enough."""
    tenant_id, until = run.tenant_id, time.monotonic() + _SLICE_SECONDS
    with tenant_tx(tenant_id):
        rollout = selectors.rollout_get(tenant_id=tenant_id, rollout_id=rollout_id)
        is_over = rollout.status in Rollout.ENDED
        policy = rollout.policy
    if is_over:
        return

    def is_wanted() -> bool:
        with tenant_tx(tenant_id):
            is_asked = selectors.rollout_is_wanted(tenant_id=tenant_id, rollout_id=rollout_id)
        return is_asked and time.monotonic() < until

    try:
        with open_sampler(policy.upstream_id, policy.base_model, rollout.checkpoint) as sampler:
            found = rollout_play(
                tenant_id=tenant_id, rollout_id=rollout_id, sampler=sampler, is_wanted=is_wanted
            )
    except UpstreamFailed as exc:
        if _gave_up(tenant_id, rollout_id, exc):
            return
        raise
    except DomainError as exc:
        _fail(tenant_id, rollout_id, exc.code, exc.detail)
        return
    if not found.is_complete and found.status not in Rollout.ENDED:
        with run.effect():
            rollout_ring(rollout)


def _gave_up(tenant_id: UUID, rollout_id: UUID, exc: UpstreamFailed) -> bool:
    """Note what happened; whether it is not worth another try."""
    reason = str(exc.extra.get("reason", exc.code))
    with tenant_tx(tenant_id):
        rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
        rows.update(tries=F("tries") + 1, reason=reason[:40], note=exc.detail)
        tries = rows.values_list("tries", flat=True).get()
    if exc.permanent or tries >= MOST_TRIES:
        _fail(tenant_id, rollout_id, reason, exc.detail)
        return True
    return False


def _fail(tenant_id: UUID, rollout_id: UUID, reason: str, note: str) -> None:
    with tenant_tx(tenant_id):
        rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
        rows.exclude(status__in=Rollout.ENDED).update(
            status=Rollout.Status.FAILED, reason=reason[:40], note=note, ended_at=now()
        )
        publish_on_commit(tenant_id, Changed("training.rollout", str(rollout_id), "failed"))
