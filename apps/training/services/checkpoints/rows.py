"""Reading a checkpoint to change it, and telling those who watch."""

from typing import Any
from uuid import UUID

from apps.core.errors import NotFound
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.models import Checkpoint, TrainingPolicy
from apps.training.selectors import checkpoints as selectors


def checkpoint_locked(*, tenant_id: UUID, checkpoint_id: UUID) -> Checkpoint:
    """In the caller's transaction. The policy's row serialises what its checkpoints become.

    Raises NotFound.
    """
    found = selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
    policy_locked(tenant_id=tenant_id, policy_id=found.policy_id)
    return selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)


def policy_locked(*, tenant_id: UUID, policy_id: UUID) -> TrainingPolicy:
    rows = TrainingPolicy.objects.for_tenant(tenant_id).filter(id=policy_id)
    found = rows.select_for_update(no_key=True).first()
    if found is None:
        raise NotFound
    return found


def checkpoint_set(checkpoint: Checkpoint, **fields: Any) -> None:
    """Change the row and the object, and say so when it is committed."""
    rows = Checkpoint.objects.for_tenant(checkpoint.tenant_id).filter(id=checkpoint.id)
    rows.update(**fields)
    for name, value in fields.items():
        setattr(checkpoint, name, value)
    announce(checkpoint)


def announce(checkpoint: Checkpoint) -> None:
    changed = Changed("training.checkpoint", str(checkpoint.id), checkpoint.status)
    publish_on_commit(checkpoint.tenant_id, changed)


def audit(checkpoint: Checkpoint, actor: Actor, action: str, detail: str = "") -> None:
    audit_record(
        tenant_id=checkpoint.tenant_id,
        actor=actor,
        action=action,
        subject=name_of(checkpoint),
        detail=detail,
    )


def name_of(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.policy.name}@{checkpoint.step}"
