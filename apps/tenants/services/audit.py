from typing import Any
from uuid import UUID

from apps.core.clock import now
from apps.core.events import Changed, publish_on_commit
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.tenants.audit_chain import START, Link, digest_of
from apps.tenants.models import AuditEvent, AuditHead, Tenant
from apps.tenants.types import Actor


def audit_record(
    *, tenant_id: UUID, actor: Actor, action: str, subject: str = "", detail: str = ""
) -> None:
    """Note who did what, in the transaction that does it: ``action`` is ``noun.verbed``.

    The tenant's row is locked until that transaction ends, so that the log has no gaps: do
    slow work before.
    """
    with tenant_tx(tenant_id):
        # The row that config_changed writes: whoever does both waits for one lock only.
        Tenant.objects.select_for_update(no_key=True).values_list("id").get(id=tenant_id)
        head = AuditHead.objects.for_tenant(tenant_id).first() or AuditHead.objects.create(
            tenant_id=tenant_id
        )
        link = Link(
            sequence=head.sequence + 1,
            digest="",
            id=uuid7(),
            created_at=now(),
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label,
            action=action,
            subject=subject[:200],
            detail=detail[:500],
        )
        digest = digest_of(head.digest or START, tenant_id, link)
        fields: Any = link._replace(digest=digest)._asdict()
        AuditEvent.objects.create(tenant_id=tenant_id, **fields)
        AuditHead.objects.for_tenant(tenant_id).filter(id=head.id).update(
            sequence=link.sequence, digest=digest
        )
        publish_on_commit(tenant_id, Changed("tenants.audit", str(link.id), "noted"))
