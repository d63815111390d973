"""Google Calendar: consent by OAuth, and its free/busy query, which shows no titles.

https://developers.google.com/identity/protocols/oauth2/web-server
https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx2

from apps.core.said import say
from apps.integrations.calendar.client import BusyTime, CalendarFailed, fetched
from apps.integrations.guarded_http import operator_client

SCOPE = "https://www.googleapis.com/auth/calendar.freebusy"
_SECONDS = 15.0
_CONNECT_AGAIN = say(
    "google_connect_again",
    "Google does not let us read this calendar any more. Connect it again.",
)


@dataclass(frozen=True, slots=True)
class GoogleApp:
    """What Google knows the installation by, and where Google is."""

    client_id: str
    client_secret: str
    consent_url: str
    token_url: str
    revoke_url: str
    api_url: str

    def __repr__(self) -> str:
        return f"GoogleApp({self.client_id})"


def consent_address(app: GoogleApp, *, state: str, verifier: str, redirect_uri: str) -> str:
    """Where somebody says that we may read when they are busy."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    return f"{app.consent_url}?" + urlencode(
        {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": SCOPE,
            # A refresh token comes with an explicit consent only.
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
    )


def refresh_token_for(app: GoogleApp, *, code: str, verifier: str, redirect_uri: str) -> str:
    """Exchange the code of a consent. Raises CalendarFailed."""
    answer = _token(
        app,
        {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
        },
    )
    if SCOPE not in str(answer.get("scope", SCOPE)).split():
        english = "The consent does not cover the calendar: connect again and leave its box ticked."
        raise CalendarFailed(say("google_no_consent", english), permanent=True)
    token = answer.get("refresh_token")
    if not isinstance(token, str) or not token:
        english = "Google gave no lasting permission. Connect again."
        raise CalendarFailed(say("google_not_lasting", english), permanent=True)
    return token


def revoke(app: GoogleApp, *, refresh_token: str) -> None:
    """Give the permission back. Raises CalendarFailed, also if it was gone already."""
    _post(app.revoke_url, {"token": refresh_token})


class GoogleCalendar:
    """The main calendar of whoever gave their consent."""

    def __init__(self, app: GoogleApp, *, refresh_token: str) -> None:
        self._app = app
        self._refresh_token = refresh_token

    def busy(self, *, start: datetime, end: datetime) -> list[BusyTime]:
        answer = _token(
            self._app, {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        )
        query = {
            "timeMin": start.isoformat(),
            "timeMax": end.isoformat(),
            "items": [{"id": "primary"}],
        }
        with operator_client(_SECONDS) as client:
            body = fetched(
                client,
                "POST",
                f"{self._app.api_url}/freeBusy",
                headers={
                    "authorization": f"Bearer {answer.get('access_token', '')}",
                    "content-type": "application/json",
                },
                content=json.dumps(query).encode(),
            )
        return _busy_of(_object(body))


def _busy_of(answer: Mapping[str, Any]) -> list[BusyTime]:
    try:
        calendar = answer["calendars"]["primary"]
        if calendar.get("errors"):
            reason = str(calendar["errors"][0].get("reason", "unknown"))
            english = "Google does not show this calendar ({why}). Connect it again."
            raise CalendarFailed(
                say("google_not_shown", english, why=reason[:40]),
                permanent=reason in ("notFound", "forbidden"),
            )
        times = [
            BusyTime(datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]))
            for one in calendar["busy"]
        ]
        if any(moment.tzinfo is None for one in times for moment in one):
            raise _rubbish()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as exc:
        raise _rubbish() from exc
    return sorted(times)


def _token(app: GoogleApp, fields: Mapping[str, str]) -> Mapping[str, Any]:
    secrets = {"client_id": app.client_id, "client_secret": app.client_secret}
    return _post(app.token_url, {**fields, **secrets})


def _post(url: str, fields: Mapping[str, str]) -> Mapping[str, Any]:
    with operator_client(_SECONDS) as client:
        try:
            answer = client.post(url, data=dict(fields))
        except httpx2.HTTPError as exc:
            away = say("google_away", "Google cannot be reached.")
            raise CalendarFailed(away, permanent=False) from exc
    if answer.status_code >= 500 or answer.status_code == 429:
        failed = say("google_status", "Google answered {status}.", status=answer.status_code)
        raise CalendarFailed(failed, permanent=False)
    found = _object(answer.content) if answer.content else {}
    if answer.status_code >= 400:
        error = str(found.get("error", ""))
        if error in ("invalid_client", "unauthorized_client"):
            english = (
                "Google does not know this installation: the operator has to check"
                " METACLAW_GOOGLE_CLIENT_ID and METACLAW_GOOGLE_CLIENT_SECRET."
            )
            raise CalendarFailed(say("google_unknown_client", english), permanent=True)
        raise CalendarFailed(_CONNECT_AGAIN, permanent=True)
    return found


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as exc:
        raise _rubbish() from exc
    if not isinstance(found, dict):
        raise _rubbish()
    return found


def _rubbish() -> CalendarFailed:
    english = "Google answered something that we cannot read."
    return CalendarFailed(say("google_rubbish", english), permanent=False)
