import json
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.core import crypto
from apps.core.errors import NotFound
from apps.core.tenancy import directory
from apps.tenants.selectors import tenant_data_key, tenant_get
from apps.training.models import CalendarConnection
from apps.training.types import CalendarAccess
from apps.usage.days import zone_of

_MOST_DUE = 500


def calendar_list(*, tenant_id: UUID) -> QuerySet[CalendarConnection]:
    return CalendarConnection.objects.for_tenant(tenant_id)


def calendar_get(*, tenant_id: UUID, calendar_id: UUID) -> CalendarConnection:
    found = calendar_list(tenant_id=tenant_id).filter(id=calendar_id).first()
    if found is None:
        raise NotFound
    return found


def calendar_access(row: CalendarConnection) -> CalendarAccess:
    """Open the sealed address or token of a connected calendar."""
    assert row.sealed is not None
    data_key = tenant_data_key(tenant_id=row.tenant_id)
    opened = crypto.unseal(data_key, row.sealed, context=seal_context(row.tenant_id, row.id))
    zone = zone_of(tenant_get(tenant_id=row.tenant_id).time_zone)
    return CalendarAccess(kind=row.kind, zone=zone.key, **json.loads(opened))


def seal_context(tenant_id: UUID, calendar_id: UUID) -> str:
    return f"calendar:{tenant_id}:{calendar_id}"


def calendars_due(*, at: datetime) -> list[tuple[UUID, UUID]]:
    """Workspace and id of calendars that are to be fetched, those that wait longest first."""
    with directory():
        due = CalendarConnection.objects.across_tenants().filter(
            next_fetch_at__lte=at, sealed__isnull=False, tenant__deleting_since__isnull=True
        )
        ordered = due.order_by("next_fetch_at").values_list("tenant_id", "id")
        return list(ordered[:_MOST_DUE])
