"""Rollouts by hand: asked for, rung for, cancelled."""

from typing import Any
from uuid import UUID

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.connecting import queue_for
from apps.training.models import Checkpoint, Rollout
from apps.training.selectors import rollouts as selectors
from apps.training.services.rollouts.creating import rollout_create

ROLLOUT_KIND = "training.rollout"


def rollout_ask(
    *, tenant_id: UUID, actor: Actor, policy_id: UUID, checkpoint_id: UUID | None, **wish: Any
) -> Rollout:
    """A rollout by hand: a worker plays it. As :func:`rollout_create`; ``checkpoint_id`` is one
    of the policy's, or none for its base model."""
    with tenant_tx(tenant_id):
        rollout = rollout_create(
            tenant_id=tenant_id,
            policy_id=policy_id,
            checkpoint=_sampler_path(tenant_id, policy_id, checkpoint_id),
            asked_by=actor.label,
            **wish,
        )
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="rollout.asked",
            subject=str(rollout.id),
            detail=f"{rollout.policy.name}: {rollout.groups} groups of {rollout.group_size}",
        )
        rollout_ring(rollout)
        return selectors.rollout_get(tenant_id=tenant_id, rollout_id=rollout.id)


def rollout_ring(rollout: Rollout) -> None:
    """Have a worker play it; in the caller's transaction."""
    job_enqueue(
        tenant_id=rollout.tenant_id,
        kind=ROLLOUT_KIND,
        payload={"rollout_id": str(rollout.id)},
        queue=queue_for(rollout.policy.upstream.kind),
        dedupe_key=str(rollout.id),
    )


def rollout_cancel(*, tenant_id: UUID, actor: Actor, rollout_id: UUID) -> Rollout:
    """Play no more of it; what is played stays. One that has ended stays as it is."""
    with tenant_tx(tenant_id):
        rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
        ended = rows.exclude(status__in=Rollout.ENDED).update(
            status=Rollout.Status.CANCELLED,
            reason="cancelled",
            note=say("rollout_cancelled", "{who} cancelled it.", who=actor.label),
            ended_at=now(),
        )
        if ended:
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="rollout.cancelled",
                subject=str(rollout_id),
            )
            publish_on_commit(tenant_id, Changed("training.rollout", str(rollout_id), "cancelled"))
        return selectors.rollout_get(tenant_id=tenant_id, rollout_id=rollout_id)


def _sampler_path(tenant_id: UUID, policy_id: UUID, checkpoint_id: UUID | None) -> str:
    if checkpoint_id is None:
        return ""
    rows = Checkpoint.objects.for_tenant(tenant_id).filter(policy_id=policy_id, id=checkpoint_id)
    path = rows.values_list("sampler_path", flat=True).first()
    if path is None:
        raise NotFound
    return path
