"""Connecting a Google calendar: somebody gives their consent there and comes back."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.calendar.google import GoogleApp, consent_address, refresh_token_for
from apps.tenants.selectors import tenant_data_key, tenant_get
from apps.tenants.types import Actor
from apps.training.errors import CalendarInvalid, GoogleNotSetUp
from apps.training.models import CalendarConnection
from apps.training.selectors import calendars as selectors
from apps.training.services.calendars import (
    FETCH_EVERY,
    calendar_ask,
    calendar_changed,
    calendar_save,
    calendar_seal,
)

_CONSENT_TAKES = timedelta(minutes=15)


def google_begin(
    *,
    tenant_id: UUID,
    actor: Actor,
    app: GoogleApp | None,
    name: str = "",
    calendar_id: UUID | None = None,
) -> str:
    """The address at which somebody gives their consent, for a new calendar or for one again.

    Raises GoogleNotSetUp, CalendarNameTaken.
    """
    app = _needed(app)
    secret = secrets.token_urlsafe(32)
    with tenant_tx(tenant_id):
        if calendar_id is not None:
            row = selectors.calendar_get(tenant_id=tenant_id, calendar_id=calendar_id)
            if row.kind != CalendarConnection.Kind.GOOGLE:
                raise NotFound
        else:
            row = CalendarConnection(
                id=uuid7(),
                tenant_id=tenant_id,
                name=name,
                kind=CalendarConnection.Kind.GOOGLE,
                origin="Google",
            )
        row.pending_digest = _digest(secret)
        row.pending_until = now() + _CONSENT_TAKES
        row.pending_actor = f"{actor.kind}:{actor.id}"
        calendar_save(row)
        slug = tenant_get(tenant_id=tenant_id).slug
        verifier = _verifier(tenant_id, secret)
    return consent_address(
        app, state=f"{slug}.{secret}", verifier=verifier, redirect_uri=redirect_uri()
    )


def google_finish(
    *, tenant_id: UUID, actor: Actor, app: GoogleApp | None, state: str, code: str
) -> CalendarConnection:
    """Take what Google sent somebody back with. A state serves once, and whoever began alone.

    Raises CalendarInvalid for any other state, CalendarFailed if Google takes the code not.
    """
    app = _needed(app)
    secret = state.partition(".")[2]
    with tenant_tx(tenant_id):
        mine = CalendarConnection.objects.for_tenant(tenant_id)
        row = mine.filter(
            pending_digest=_digest(secret),
            pending_until__gt=now(),
            pending_actor=f"{actor.kind}:{actor.id}",
        ).first()
        taken = row and mine.filter(id=row.id, pending_digest=row.pending_digest).update(
            pending_digest=None, pending_until=None, pending_actor=""
        )
        if not row or not taken:
            english = "This consent is too old, or somebody else's. Connect again."
            raise CalendarInvalid(say("google_consent_old", english))
        verifier = _verifier(tenant_id, secret)
    token = refresh_token_for(app, code=code, verifier=verifier, redirect_uri=redirect_uri())
    with tenant_tx(tenant_id):
        row = selectors.calendar_get(tenant_id=tenant_id, calendar_id=row.id)
        calendar_seal(row, refresh_token=token)
        row.last_error, row.needs_person = "", False
        row.next_fetch_at = now() + FETCH_EVERY
        calendar_save(row)
        calendar_ask(row)
        calendar_changed(row, actor, "calendar.connected")
    return row


def redirect_uri() -> str:
    """The console's page that Google sends people back to; the operator registers it there."""
    return f"{settings.METACLAW_CONSOLE_URL.rstrip('/')}/calendars/google"


def _needed(app: GoogleApp | None) -> GoogleApp:
    if app is None:
        english = (
            "Google Calendar is not set up for this installation: the operator registers it with"
            " Google and sets METACLAW_GOOGLE_CLIENT_ID. Any calendar's ICS address works without."
        )
        raise GoogleNotSetUp(say("google_not_set_up", english))
    return app


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _verifier(tenant_id: UUID, secret: str) -> str:
    """Follows from the state for us alone, so that it is stored nowhere (RFC 7636)."""
    key = tenant_data_key(tenant_id=tenant_id)
    made = hmac.new(key, b"pkce:" + secret.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
