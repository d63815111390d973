"""Rows of windows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.training.models import CalendarConnection, Presence, Window, WindowRules
from apps.training.services.calendars import calendar_seal

WHOLE_WEEK = [{"weekday": day, "starts": "00:00", "ends": "24:00"} for day in range(7)]
NIGHTS = [{"weekday": day, "starts": "23:00", "ends": "07:00"} for day in range(7)]


def make_window_rules(tenant_id: UUID, **fields: Any) -> WindowRules:
    values = {"hours": WHOLE_WEEK, "changed_at": now() - timedelta(days=30), **fields}
    with tenant_tx(tenant_id):
        return WindowRules.objects.create(tenant_id=tenant_id, **values)


def make_calendar(tenant_id: UUID, **fields: Any) -> CalendarConnection:
    """A connected calendar that answered just now, and has nothing in it."""
    secrets = fields.pop("secrets", {"url": "https://127.0.0.1:9/private.ics"})
    values = {
        "id": uuid7(),
        "name": "Work",
        "kind": "ics",
        "origin": "https://127.0.0.1:9",
        "fetched_at": now(),
        **fields,
    }
    with tenant_tx(tenant_id):
        row = CalendarConnection(tenant_id=tenant_id, **values)
        calendar_seal(row, **secrets)
        row.save()
        return row


def make_window(tenant_id: UUID, **fields: Any) -> Window:
    at = now()
    values = {
        "slot_key": f"{uuid7()}",
        "source": "hours",
        "opens_at": at - timedelta(hours=8),
        "closes_at": at - timedelta(hours=1),
        "opened_at": at - timedelta(hours=8),
        "closed_at": at - timedelta(hours=1),
        "reason": "end",
        **fields,
    }
    with tenant_tx(tenant_id):
        return Window.objects.create(tenant_id=tenant_id, **values)


def make_presence(tenant_id: UUID, **fields: Any) -> Presence:
    with tenant_tx(tenant_id):
        return Presence.objects.create(tenant_id=tenant_id, **{"pinged_at": now(), **fields})
