"""OpenID Connect as it is written: who signed the token, for whom, and about whom.

allauth leaves out the signature where the token came over TLS, takes any issuer that the discovery
document names, and believes what the provider's userinfo says about anybody.
"""

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

# Signed with a key that only the issuer has. HMAC would take the client secret for one.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_CLOCKS_DIFFER_SECONDS = 60
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class CompanyRefused(OAuth2Error):  # type: ignore[misc]  # allauth has no types
    """The provider's answer is not believed; ``str`` of it says why, for the log."""


class CompanyOAuth2Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # as above
    @cached_property
    def openid_config(self) -> dict[str, Any]:
        issuer = self.get_provider().app.settings["server_url"].rstrip("/")
        config = _fetch(f"{issuer}/.well-known/openid-configuration")
        if str(config.get("issuer", "")).rstrip("/") != issuer:
            raise CompanyRefused("discovery is about another issuer")
        if missing := [name for name in _NEEDED if not config.get(name)]:
            raise CompanyRefused(f"discovery lacks {', '.join(missing)}")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """As the operator registered it, under whatever name the console was opened."""
        return settings.METACLAW_CONSOLE_URL.rstrip("/") + reverse("company_callback")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise CompanyRefused("no id_token")
        claims = self._claims(id_token, app.client_id)
        if not claims.get("email") and "userinfo_endpoint" in self.openid_config:
            said = self._fetch_user_info(token.token)
            if not isinstance(said, dict) or said.get("sub") != claims["sub"]:
                raise CompanyRefused("userinfo is about somebody else")
            claims = {**said, "sub": claims["sub"]}
        return self.get_provider().sociallogin_from_response(request, {"userinfo": claims})

    def _claims(self, id_token: str, client_id: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key(jwt.get_unverified_header(id_token)),
                algorithms=_ALGORITHMS,
                audience=client_id,
                issuer=self.openid_config["issuer"],
                leeway=_CLOCKS_DIFFER_SECONDS,
                options={"require": ["iss", "aud", "sub", "iat", "exp"]},
            )
        except jwt.PyJWTError as exc:
            raise CompanyRefused(f"id_token: {type(exc).__name__}") from exc
        if isinstance(claims["aud"], list) and claims.get("azp", client_id) != client_id:
            raise CompanyRefused("id_token: made for another client")
        return claims

    def _key(self, header: dict[str, Any]) -> jwt.PyJWK:
        keys = jwt.PyJWKSet.from_dict(_fetch(self.openid_config["jwks_uri"])).keys
        name = header.get("kid")
        for key in keys:
            if key.key_id == name or (name is None and len(keys) == 1):
                return key
        raise CompanyRefused("id_token: signed with an unknown key")


def _fetch(address: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        answer = session.get(address)
        answer.raise_for_status()
        found = answer.json()
    if not isinstance(found, dict):
        raise CompanyRefused("an answer is not an object")
    return found
