"""Deleting the rows of one workspace from a table. In the workspace's transaction."""

from typing import Any, Final
from uuid import UUID

from django.db import connection

from apps.exports.services.deleting.order import own_pointers

AT_ONCE: Final = 1_000
# The application may not delete from these: their owner does, for a workspace that goes.
_KEPT: Final = {"tenants.auditevent", "tenants.audithead", "skills.skillversion"}


def some_delete(model: Any, tenant_id: UUID, most: int = AT_ONCE, **but: Any) -> int:
    """At most so many rows, but those with these values; answers with how many."""
    if model._meta.label_lower in _KEPT:
        with connection.cursor() as cursor:
            cursor.execute("SELECT workspace_let_go(%s, %s)", [model._meta.db_table, most])
            return int(cursor.fetchone()[0])
    rows = model.objects.for_tenant(tenant_id)
    going = rows.exclude(**but) if but else rows
    ids = list(going.order_by("id").values_list("id", flat=True)[:most])
    if not ids:
        return 0
    for pointer in own_pointers(model):
        # Those that stay for now must not point at nothing.
        rows.filter(**{f"{pointer}__in": ids}).update(**{pointer: None})
    return int(rows.filter(id__in=ids)._raw_delete(using="default"))


def all_delete(model: Any, tenant_id: UUID) -> int:
    """Every row that is left, however many."""
    gone = 0
    while count := some_delete(model, tenant_id):
        gone += count
    return gone
