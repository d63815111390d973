"""From how a calendar is reached to what answers."""

from django.conf import settings

from apps.core.said import say
from apps.integrations.calendar.client import Calendar, CalendarFailed
from apps.integrations.calendar.files import CalDavCollection, IcsFile
from apps.integrations.calendar.google import GoogleApp, GoogleCalendar
from apps.training.types import CalendarAccess


def calendar_opened(access: CalendarAccess) -> Calendar:
    """Raises CalendarFailed for a Google calendar of an installation without Google."""
    if access.kind == "google":
        app = google_app()
        if app is None:
            english = "Google Calendar is not set up for this installation."
            raise CalendarFailed(say("google_not_here", english), permanent=True)
        return GoogleCalendar(app, refresh_token=access.refresh_token)
    if access.kind == "caldav":
        return CalDavCollection(
            access.url, user=access.user, password=access.password, zone=access.zone
        )
    return IcsFile(access.url, zone=access.zone)


def google_app() -> GoogleApp | None:
    """What the operator registered with Google; None if they did not."""
    if not settings.METACLAW_GOOGLE_CLIENT_ID:
        return None
    return GoogleApp(
        client_id=settings.METACLAW_GOOGLE_CLIENT_ID,
        client_secret=settings.METACLAW_GOOGLE_CLIENT_SECRET,
        consent_url=settings.METACLAW_GOOGLE_CONSENT_URL,
        token_url=settings.METACLAW_GOOGLE_TOKEN_URL,
        revoke_url=settings.METACLAW_GOOGLE_REVOKE_URL,
        api_url=settings.METACLAW_GOOGLE_CALENDAR_URL,
    )
