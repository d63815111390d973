from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.core.errors import NotFound
from apps.core.tenancy import directory
from apps.exports.container.signing import pem_of
from apps.exports.errors import CertificateNotFound
from apps.exports.models import Deletion, DeletionCertificate, Export, SigningKey
from apps.tenants.selectors import tenant_get

_FACTS = (
    "slug",
    "name",
    "mode",
    "idle_minutes",
    "retention_days",
    "max_skills",
    "skill_token_budget",
    "time_zone",
    "needs_second_factor",
)


def export_list(*, tenant_id: UUID) -> QuerySet[Export]:
    return Export.objects.for_tenant(tenant_id)


def export_find(*, tenant_id: UUID, export_id: UUID) -> Export | None:
    return export_list(tenant_id=tenant_id).filter(id=export_id).first()


def export_get(*, tenant_id: UUID, export_id: UUID) -> Export:
    found = export_find(tenant_id=tenant_id, export_id=export_id)
    if found is None:
        raise NotFound
    return found


def exports_over(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """Tenant and id of those whose time is over and whose files may still be there."""
    with directory():
        rows = Export.objects.across_tenants().filter(expires_at__lt=at)
        return list(rows.exclude(status="removed").values_list("tenant_id", "id"))


def exports_running() -> list[tuple[UUID, UUID]]:
    """Tenant and id of those that are under way, or should be."""
    with directory():
        rows = Export.objects.across_tenants().filter(status="running")
        return list(rows.values_list("tenant_id", "id"))


def workspace_facts(*, tenant_id: UUID) -> dict[str, Any]:
    """What an export says of the workspace itself."""
    tenant = tenant_get(tenant_id=tenant_id)
    return {name: getattr(tenant, name) for name in _FACTS} | {
        "id": str(tenant.id),
        "created_at": tenant.created_at.isoformat(),
    }


def signing_keys() -> list[dict[str, Any]]:
    """The public halves of all keys, the one in use first."""
    return [
        {
            "key_id": row.key_id,
            "pem": pem_of(bytes(row.public_key)),
            "is_in_use": row.is_in_use,
            "created_at": row.created_at,
            "retired_at": row.retired_at,
        }
        for row in SigningKey.objects.order_by("-id")
    ]


def deletion_state(*, tenant_id: UUID) -> tuple[datetime | None, Deletion | None]:
    """When the workspace is to go, and who wants that."""
    row = Deletion.objects.for_tenant(tenant_id).first()
    return tenant_get(tenant_id=tenant_id).delete_after, row


def certificate_get(*, certificate_id: UUID, reader_id: UUID) -> DeletionCertificate:
    """Raises CertificateNotFound, also to who did not ask for the deletion."""
    found = DeletionCertificate.objects.filter(id=certificate_id, reader_id=reader_id).first()
    if found is None:
        raise CertificateNotFound
    return found
