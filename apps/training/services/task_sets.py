"""Task sets: uploaded whole, replaced whole."""

import hashlib
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.errors import TaskSetInUse, TaskSetTaken
from apps.training.models import TaskSet
from apps.training.selectors import rollouts as selectors
from apps.training.tasks_file import tasks_read


def task_set_create(*, tenant_id: UUID, actor: Actor, name: str, content: bytes) -> TaskSet:
    """Raises TasksInvalid, which names the lines that are wrong, and TaskSetTaken."""
    row = TaskSet(id=uuid7(), tenant_id=tenant_id, name=name)
    return _save(row, actor, "task_set.created", content)


def task_set_update(
    *, tenant_id: UUID, actor: Actor, task_set_id: UUID, name: str = "", content: bytes | None
) -> TaskSet:
    """Rename it, replace its tasks, or both. Rollouts under way play what they find."""
    with tenant_tx(tenant_id):
        found = selectors.task_set_get(tenant_id=tenant_id, task_set_id=task_set_id)
        row = TaskSet.objects.for_tenant(tenant_id).get(id=found.id)
    row.name = name or row.name
    return _save(row, actor, "task_set.changed", content)


def task_set_delete(*, tenant_id: UUID, actor: Actor, task_set_id: UUID) -> None:
    """Raises TaskSetInUse while a policy learns from it."""
    with tenant_tx(tenant_id):
        row = selectors.task_set_get(tenant_id=tenant_id, task_set_id=task_set_id)
        user = selectors.task_set_user(tenant_id=tenant_id, task_set_id=task_set_id)
        if user:
            english = "The policy {name} learns from it: give that another set first."
            raise TaskSetInUse(say("task_set_in_use", english, name=user))
        TaskSet.objects.for_tenant(tenant_id).filter(id=row.id).delete()
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="task_set.deleted",
            subject=str(task_set_id),
            detail=row.name,
        )
        publish_on_commit(tenant_id, Changed("training.task_set", str(task_set_id), "deleted"))


def _save(row: TaskSet, actor: Actor, action: str, content: bytes | None) -> TaskSet:
    if content is not None:
        row.tasks = tasks_read(content)
        row.sha256 = hashlib.sha256(content).hexdigest()
    with tenant_tx(row.tenant_id):
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as exc:
            english = "There is a task set {name} already."
            raise TaskSetTaken(say("task_set_taken", english, name=row.name)) from exc
        audit_record(
            tenant_id=row.tenant_id,
            actor=actor,
            action=action,
            subject=str(row.id),
            detail=f"{row.name}, {row.sha256[:12]}",
        )
        publish_on_commit(row.tenant_id, Changed("training.task_set", str(row.id), "saved"))
        return selectors.task_set_get(tenant_id=row.tenant_id, task_set_id=row.id)
