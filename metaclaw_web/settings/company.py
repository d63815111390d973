"""The company's own sign-in, as allauth wants it described."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from metaclaw_web.env import BadSetting, env_str, secret

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def company_apps(issuer: str, name: str) -> list[dict[str, Any]]:
    """The one provider, or none."""
    if not issuer:
        return []
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        raise BadSetting(
            "METACLAW_OIDC_ISSUER",
            "has to start with https://: whoever is on the way could sign in as anybody.",
            example="https://login.example.com",
        )
    return [
        {
            # Part of what accounts are known by: another issuer's number 7 is somebody else.
            "provider_id": f"company-{hashlib.sha256(issuer.encode()).hexdigest()[:12]}",
            "name": name,
            "client_id": env_str("METACLAW_OIDC_CLIENT_ID", example="metaclaw"),
            "secret": secret("METACLAW_OIDC_CLIENT_SECRET"),
            "settings": {"server_url": issuer},
        }
    ]
