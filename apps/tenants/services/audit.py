from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent
from apps.tenants.types import Actor


def audit_record(
    *, tenant_id: UUID, actor: Actor, action: str, subject: str = "", detail: str = ""
) -> None:
    """Note who did what, in the transaction that does it: ``action`` is ``noun.verbed``."""
    with tenant_tx(tenant_id):
        AuditEvent.objects.create(
            tenant_id=tenant_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label,
            action=action,
            subject=subject[:200],
            detail=detail[:500],
        )
