"""Calendars behind a URL that a tenant gave: iCalendar files, and CalDAV collections."""

from datetime import UTC, datetime

from apps.integrations.calendar import apartment
from apps.integrations.calendar.client import BusyTime, fetched
from apps.integrations.guarded_http import guarded_client

_CONNECT_AND_READ_SECONDS = 15.0
# https://www.rfc-editor.org/rfc/rfc4791#section-7.8
_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><C:calendar-data/></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range start="{start}" end="{end}"/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


class IcsFile:
    """A calendar that is published as one file. ``zone``: of events that name none."""

    def __init__(self, url: str, *, zone: str) -> None:
        self._url = https_of(url)
        self._zone = zone

    def busy(self, *, start: datetime, end: datetime) -> list[BusyTime]:
        with guarded_client(_CONNECT_AND_READ_SECONDS) as client:
            body = fetched(client, "GET", self._url, headers={"accept": "text/calendar"})
        return apartment.read(body, is_multistatus=False, zone=self._zone, start=start, end=end)


class CalDavCollection:
    """One calendar on a CalDAV server, asked for the events in a range only."""

    def __init__(self, url: str, *, user: str, password: str, zone: str) -> None:
        self._url = url
        self._auth = (user, password)
        self._zone = zone

    def busy(self, *, start: datetime, end: datetime) -> list[BusyTime]:
        query = _QUERY.format(start=_stamp(start), end=_stamp(end))
        with guarded_client(_CONNECT_AND_READ_SECONDS) as client:
            body = fetched(
                client,
                "REPORT",
                self._url,
                headers={"content-type": "application/xml; charset=utf-8", "depth": "1"},
                content=query.encode(),
                auth=self._auth,
            )
        return apartment.read(body, is_multistatus=True, zone=self._zone, start=start, end=end)


def https_of(url: str) -> str:
    """Calendar programs write ``webcal://`` for the same address over HTTPS."""
    scheme, _, rest = url.partition("://")
    return f"https://{rest}" if scheme.lower() in ("webcal", "webcals") else url


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
