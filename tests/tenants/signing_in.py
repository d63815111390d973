"""A person's browser at the sign-in endpoints, and what they hold in their hands."""

import base64
import hashlib
import hmac
import json
import struct
from typing import Any

from django.test import Client

from apps.tenants.models import User

PASSWORD = "correct horse battery"
AUTH = "/_allauth/browser/v1/auth/"
ACCOUNT = "/_allauth/browser/v1/account/"
SESSION = "/api/v1/session/"


class PersonsBrowser:
    """Sends JSON with the CSRF token, as the console does.

    ``localhost``: the one name without TLS under which browsers let passkeys be used.
    """

    def __init__(self, host: str = "localhost") -> None:
        self.client = Client(enforce_csrf_checks=True, headers={"host": host})
        self.client.get(SESSION)

    def send(self, method: str, url: str, body: Any = None) -> Any:
        token = self.client.cookies["csrftoken"].value
        return self.client.generic(
            method,
            url,
            json.dumps(body or {}),
            content_type="application/json",
            headers={"x-csrftoken": token},
        )

    def get(self, url: str) -> Any:
        return self.client.get(url)

    def post(self, url: str, body: Any = None) -> Any:
        return self.send("POST", url, body)

    def log_in(self, user: User, password: str = PASSWORD) -> Any:
        return self.post(f"{AUTH}login", {"email": user.email, "password": password})

    def log_out(self) -> Any:
        return self.send("DELETE", f"{AUTH}session")

    def prove(self, password: str = PASSWORD) -> Any:
        return self.post(f"{AUTH}reauthenticate", {"password": password})

    @property
    def is_signed_in(self) -> bool:
        return self.get(SESSION).json()["user"] is not None

    def add_app(self) -> str:
        """Set up an authenticator app; returns its secret."""
        secret: str = self.post("/api/v1/account/authenticator-app/").json()["secret"]
        answer = self.post(f"{ACCOUNT}authenticators/totp", {"code": code_of(secret)})
        assert answer.status_code == 200, answer.content
        return secret


def code_of(secret: str, step: int = 0) -> str:
    """RFC 6238 with its defaults, written down a second time on purpose."""
    counter = NOW // 30 + step
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


# The moment at which the tests' codes are made and checked.
NOW = 1_790_000_010


def flows(answer: Any) -> dict[str, Any]:
    return {flow["id"]: flow for flow in answer.json()["data"]["flows"]}


def errors(answer: Any) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]]
