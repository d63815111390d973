"""Who calls the REST interface: a browser session, or an API key."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.core.clock import now
from apps.core.said import say
from apps.tenants import keys, selectors
from apps.tenants.errors import ProofNeeded
from apps.tenants.types import KeyGrant


@dataclass(frozen=True, slots=True)
class KeyCaller:
    """Stands where Django expects a user when a key calls."""

    grant: KeyGrant
    is_authenticated: bool = True

    @property
    def pk(self) -> str:
        return str(self.grant.key_id)


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Any, KeyGrant] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        text = text.strip() if scheme.lower() == "bearer" else request.headers.get("X-Api-Key", "")
        if not text:
            return None
        key = keys.parse(text)
        grant = selectors.key_grant_find(key=key, at=now()) if key else None
        if grant is None:
            raise AuthenticationFailed("This API key is not valid.", code="invalid_api_key")
        return KeyCaller(grant), grant

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BrowserSessionAuthentication(SessionAuthentication):
    """Django's session, with CSRF checks; answers 401 (not 403) to the signed-out."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


def signed_in_at(request: Request) -> datetime | None:
    """When who calls last showed who they are in this session; None for keys.

    By whatever they have: a password, a code, a passkey, or a sign-in at their company.
    """
    if isinstance(request.auth, KeyGrant):
        return None
    records = get_authentication_records(request._request, request.user)
    latest = max((float(record["at"]) for record in records if "at" in record), default=None)
    return None if latest is None else datetime.fromtimestamp(latest, UTC)


def proof_check(request: Request) -> None:
    """Before a new way into the account is opened. Raises ProofNeeded."""
    if is_reauthentication_required(request._request, app="allauth.account"):
        raise ProofNeeded(say("proof_needed", "Show first that it is you."))
