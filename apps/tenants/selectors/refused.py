from uuid import UUID

from django.db.models import QuerySet

from apps.tenants.models import RefusedRequest

_SHOWN = 10


def refused_latest(*, tenant_id: UUID) -> QuerySet[RefusedRequest]:
    """The requests that were turned away last, the newest first."""
    return RefusedRequest.objects.for_tenant(tenant_id).order_by("-last_at")[:_SHOWN]
