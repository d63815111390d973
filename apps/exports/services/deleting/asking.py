"""Asking for the end of a workspace, and taking that back."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.exports.errors import WrongName
from apps.exports.models import Deletion
from apps.jobs.selectors import is_job_alive
from apps.jobs.services import job_enqueue, jobs_withdraw
from apps.tenants.selectors import tenant_get, tenants_over
from apps.tenants.services import deletion_announce, deletion_withdraw
from apps.tenants.types import Actor

DELETE_KIND: Final = "exports.delete_workspace"


def deletion_ask(*, tenant_id: UUID, actor: Actor, name: str, has_grace: bool = True) -> Deletion:
    """Let the workspace go when its grace period is over; its keys stop at once.

    ``name``: as a person typed it. Without grace it goes now: where nothing is lost. Raises
    WrongName. Asking again changes nothing.
    """
    with tenant_tx(tenant_id):
        tenant = tenant_get(tenant_id=tenant_id)
        if name.strip() != tenant.name.strip():
            message = say("workspace_wrong_name", "That is not the name of this workspace.")
            raise WrongName.of("name", message)
        known = Deletion.objects.for_tenant(tenant_id).first()
        if known is not None:
            return known
        hours = settings.METACLAW_DELETION_GRACE_HOURS if has_grace else 0
        after = now() + timedelta(hours=hours)
        deletion_announce(tenant_id=tenant_id, actor=actor, after=after)
        job_enqueue(
            tenant_id=tenant_id,
            kind=DELETE_KIND,
            payload={},
            queue="slow",
            run_after=after,
            dedupe_key=str(tenant_id),
        )
        return Deletion.objects.create(
            tenant_id=tenant_id, asked_by=actor.label, asked_by_id=UUID(actor.id)
        )


def deletion_undo(*, tenant_id: UUID, actor: Actor) -> None:
    """Keep the workspace; keys work again. Raises DeletionBegun. Undoing nothing is nothing."""
    with tenant_tx(tenant_id):
        if not Deletion.objects.for_tenant(tenant_id).exists():
            return
        deletion_withdraw(tenant_id=tenant_id, actor=actor)
        jobs_withdraw(tenant_id=tenant_id, kind=DELETE_KIND, dedupe_keys=[str(tenant_id)])
        Deletion.objects.for_tenant(tenant_id).delete()


def deletions_sweep() -> None:
    """Take up deletions that were given up, for want of Redis or of a disk."""
    for tenant_id in tenants_over(at=now()):
        with tenant_tx(tenant_id):
            if not is_job_alive(tenant_id=tenant_id, kind=DELETE_KIND, dedupe_key=str(tenant_id)):
                deletion_go_on(tenant_id)


def deletion_go_on(tenant_id: UUID) -> None:
    """Have what is left of it done by a worker."""
    job_enqueue(
        tenant_id=tenant_id,
        kind=DELETE_KIND,
        payload={},
        queue="slow",
        dedupe_key=str(tenant_id),
    )
