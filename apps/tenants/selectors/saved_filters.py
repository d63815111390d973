from uuid import UUID

from django.db.models import QuerySet

from apps.core.errors import NotFound
from apps.tenants.models import SavedFilter


def filters_of(*, tenant_id: UUID, user_id: str) -> QuerySet[SavedFilter]:
    """What this member keeps; of nobody else."""
    return SavedFilter.objects.for_tenant(tenant_id).filter(membership__user_id=user_id)


def filter_get(*, tenant_id: UUID, user_id: str, filter_id: UUID) -> SavedFilter:
    found = filters_of(tenant_id=tenant_id, user_id=user_id).filter(id=filter_id).first()
    if found is None:
        raise NotFound
    return found
