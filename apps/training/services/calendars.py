"""Calendars of a workspace: connecting them, and keeping in mind when they say busy."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core import crypto, guard
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.calendar.client import BusyTime, Calendar, CalendarFailed
from apps.integrations.calendar.files import https_of
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.selectors import tenant_data_key
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.errors import CalendarInvalid, CalendarNameTaken
from apps.training.models import CalendarConnection
from apps.training.selectors import calendars as selectors
from apps.training.services.windows import window_tend, windows_changed
from apps.training.types import CalendarAccess

FETCH_KIND = "training.fetch_calendar"

Opener = Callable[[CalendarAccess], Calendar]

# What is read: a slot that is open may have begun yesterday, and a week is forecast.
_BACK, _AHEAD = timedelta(days=2), timedelta(days=8)
FETCH_EVERY = timedelta(minutes=15)
# Where a person has to act, asking often only annoys the server.
_EVERY_WHILE_BROKEN = timedelta(hours=1)


def calendar_create(
    *,
    tenant_id: UUID,
    actor: Actor,
    name: str,
    kind: str,
    url: str,
    user: str = "",
    password: str = "",
) -> CalendarConnection:
    """Connect a calendar by its address and have it fetched.

    Raises CalendarInvalid for an address that must not be called, CalendarNameTaken.
    """
    _check(kind, url, user, password)
    with tenant_tx(tenant_id):
        row = CalendarConnection(id=uuid7(), tenant_id=tenant_id, name=name, kind=kind)
        calendar_seal(row, url=url, user=user, password=password)
        row.origin = guard.origin_of(https_of(url))
        row.next_fetch_at = now() + FETCH_EVERY
        calendar_save(row)
        calendar_ask(row)
        calendar_changed(row, actor, "calendar.connected")
    return row


def calendar_update(
    *,
    tenant_id: UUID,
    actor: Actor,
    calendar_id: UUID,
    name: str | None = None,
    url: str | None = None,
    user: str | None = None,
    password: str | None = None,
) -> CalendarConnection:
    """Change a calendar. A password belongs to the server it was given for: another one needs
    it again, so that nobody can have it sent to a server of their own."""
    with tenant_tx(tenant_id):
        row = selectors.calendar_get(tenant_id=tenant_id, calendar_id=calendar_id)
        row.name = row.name if name is None else name
        if (url, user, password) != (None, None, None):
            if row.kind == CalendarConnection.Kind.GOOGLE:
                english = "A Google calendar has no address: connect it again."
                raise CalendarInvalid(say("google_no_address", english))
            before = selectors.calendar_access(row)
            address = before.url if url is None else url
            is_moved = guard.origin_of(https_of(address)) != guard.origin_of(https_of(before.url))
            if password is None:
                password = "" if is_moved else before.password
            user = before.user if user is None else user
            _check(row.kind, address, user, password)
            calendar_seal(row, url=address, user=user, password=password)
            row.origin = guard.origin_of(https_of(address))
            row.busy, row.fetched_at, row.last_error, row.needs_person = [], None, "", False
            row.next_fetch_at = now() + FETCH_EVERY
            calendar_ask(row)
        calendar_save(row)
        calendar_changed(row, actor, "calendar.changed")
    return row


def calendar_delete(*, tenant_id: UUID, actor: Actor, calendar_id: UUID) -> CalendarAccess | None:
    """Forget a calendar and when it said busy; answers with how it was reached."""
    with tenant_tx(tenant_id):
        row = selectors.calendar_get(tenant_id=tenant_id, calendar_id=calendar_id)
        access = selectors.calendar_access(row) if row.is_connected else None
        calendar_changed(row, actor, "calendar.removed")
        row.delete()
        window_tend(tenant_id=tenant_id, at=now())
    return access


def calendars_sweep(*, at: datetime) -> None:
    """Have every calendar fetched that is due. Safe to run at once on several machines."""
    for tenant_id, calendar_id in selectors.calendars_due(at=at):
        with tenant_tx(tenant_id):
            due = CalendarConnection.objects.for_tenant(tenant_id).filter(
                id=calendar_id, next_fetch_at__lte=at
            )
            row = due.select_for_update(skip_locked=True).first()
            if row is None:
                continue
            due.update(next_fetch_at=at + FETCH_EVERY)
            calendar_ask(row)


def calendar_fetch(*, run: JobRun, opened: Opener) -> None:
    """Do a job of FETCH_KIND. Failing is a state of the calendar, and no reason to try at once."""
    calendar_id = UUID(run.payload["calendar_id"])
    with tenant_tx(run.tenant_id):
        row = selectors.calendar_list(tenant_id=run.tenant_id).filter(id=calendar_id).first()
        if row is None or not row.is_connected:
            return
        access = selectors.calendar_access(row)
    at = now()
    found = _asked(access, opened, at)
    with run.effect():
        _keep(run.tenant_id, calendar_id, found, at)


def calendar_check(*, tenant_id: UUID, calendar_id: UUID, opened: Opener) -> CalendarConnection:
    """Fetch a calendar now. No transaction is open while its server answers."""
    with tenant_tx(tenant_id):
        row = selectors.calendar_get(tenant_id=tenant_id, calendar_id=calendar_id)
        if not row.is_connected:
            raise CalendarInvalid(
                say("calendar_unconnected", "This calendar is not connected yet.")
            )
        access = selectors.calendar_access(row)
    at = now()
    found = _asked(access, opened, at)
    with tenant_tx(tenant_id):
        _keep(tenant_id, calendar_id, found, at)
        return selectors.calendar_get(tenant_id=tenant_id, calendar_id=calendar_id)


def calendar_seal(row: CalendarConnection, **secrets: str) -> None:
    context = selectors.seal_context(row.tenant_id, row.id)
    data_key = tenant_data_key(tenant_id=row.tenant_id)
    row.sealed = crypto.seal(data_key, json.dumps(secrets).encode(), context=context)


def calendar_save(row: CalendarConnection) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as exc:
        english = "There is a calendar called {name} already."
        raise CalendarNameTaken(say("calendar_name_taken", english, name=row.name)) from exc


def calendar_ask(row: CalendarConnection) -> None:
    """Have it fetched by a worker."""
    job_enqueue(
        tenant_id=row.tenant_id,
        kind=FETCH_KIND,
        payload={"calendar_id": str(row.id)},
        dedupe_key=str(row.id),
    )


def calendar_changed(row: CalendarConnection, actor: Actor, action: str) -> None:
    audit_record(
        tenant_id=row.tenant_id, actor=actor, action=action, subject=row.name, detail=row.origin
    )
    publish_on_commit(row.tenant_id, Changed("training.calendar", str(row.id), action))
    windows_changed(tenant_id=row.tenant_id)


def _asked(access: CalendarAccess, opened: Opener, at: datetime) -> list[BusyTime] | CalendarFailed:
    try:
        return opened(access).busy(start=at - _BACK, end=at + _AHEAD)
    except CalendarFailed as exc:
        return exc


def _keep(
    tenant_id: UUID, calendar_id: UUID, found: list[BusyTime] | CalendarFailed, at: datetime
) -> None:
    """Store what came back. After a failure the times that were known stay."""
    mine = CalendarConnection.objects.for_tenant(tenant_id).filter(id=calendar_id)
    if isinstance(found, CalendarFailed):
        every = _EVERY_WHILE_BROKEN if found.permanent else FETCH_EVERY
        mine.update(
            tried_at=at,
            last_error=found.detail,
            needs_person=found.permanent,
            next_fetch_at=at + every,
        )
    else:
        mine.update(
            busy=[[int(one.timestamp()), int(other.timestamp())] for one, other in found],
            busy_until=at + _AHEAD,
            fetched_at=at,
            tried_at=at,
            last_error="",
            needs_person=False,
            next_fetch_at=at + FETCH_EVERY,
        )
    status = "failed" if isinstance(found, CalendarFailed) else "fetched"
    publish_on_commit(tenant_id, Changed("training.calendar", str(calendar_id), status))
    window_tend(tenant_id=tenant_id, at=at)
    windows_changed(tenant_id=tenant_id)


def _check(kind: str, url: str, user: str, password: str) -> None:
    try:
        guard.check_url(https_of(url))
    except guard.AddressRefused as exc:
        raise CalendarInvalid.of("url", str(exc)) from exc
    if kind == CalendarConnection.Kind.CALDAV and not (user and password):
        english = (
            "A CalDAV server wants a user name and a password, also when the server changes; often"
            " one made for this alone."
        )
        raise CalendarInvalid.of("password", say("caldav_password", english))
