"""A workspace's way out: announced, withdrawn or begun, and its own row at the very end.

What is deleted in between is the business of ``apps.exports``, which knows of every table.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants.errors import DeletionBegun
from apps.tenants.models import Tenant
from apps.tenants.services.audit import audit_record
from apps.tenants.services.tenant import settings_changed
from apps.tenants.types import Actor

_HOLD = """
SELECT 1 FROM tenants_tenant WHERE id = %s AND deleting_since IS NULL FOR KEY SHARE
"""


def deletion_announce(*, tenant_id: UUID, actor: Actor, after: datetime) -> None:
    """Let the workspace go at a time; its keys stop now, within seconds everywhere."""
    with tenant_tx(tenant_id):
        Tenant.objects.filter(id=tenant_id, deleting_since__isnull=True).update(delete_after=after)
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="workspace.deletion_asked",
            detail=f"after {after.isoformat()}",
        )
        settings_changed(tenant_id)


def deletion_withdraw(*, tenant_id: UUID, actor: Actor) -> None:
    """Keep it after all; its keys work again. Raises DeletionBegun."""
    with tenant_tx(tenant_id):
        staying = Tenant.objects.filter(id=tenant_id, deleting_since__isnull=True)
        if not staying.update(delete_after=None):
            raise DeletionBegun(say("deletion_begun", "The workspace is being deleted already."))
        audit_record(tenant_id=tenant_id, actor=actor, action="workspace.deletion_undone")
        settings_changed(tenant_id)


def deletion_begin(*, tenant_id: UUID) -> Tenant | None:
    """From here there is no way back. None: nobody wants that, or its time has not come."""
    with tenant_tx(tenant_id):
        tenant = Tenant.objects.select_for_update().filter(id=tenant_id).first()
        if tenant is None or tenant.delete_after is None or tenant.delete_after > now():
            return None
        if tenant.deleting_since is None:
            tenant.deleting_since = now()
            tenant.save(update_fields=["deleting_since"])
            settings_changed(tenant_id)
        return tenant


def deletion_finish(*, tenant_id: UUID) -> None:
    """Delete the workspace's own row; nothing may point at it any more."""
    Tenant.objects.filter(id=tenant_id, deleting_since__isnull=False)._raw_delete(using="default")


def tenant_hold(*, tenant_id: UUID) -> bool:
    """Keep the workspace from going until the transaction ends; False: it is going, or gone.

    For whoever writes rows whose tables do not look the workspace up for each of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [tenant_id])
        return cursor.fetchone() is not None
