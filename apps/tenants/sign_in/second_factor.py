import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from apps.core import crypto

# allauth does not say whose secret it is: one context for all of them.
_CONTEXT = "sign-in:second-factor"
_PRODUCT = "MetaClaw"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What must be read again to be checked (the app's secret, recovery codes) is kept sealed."""

    def encrypt(self, text: str) -> str:
        sealed = crypto.seal(settings.METACLAW_MASTER_KEY, text.encode(), context=_CONTEXT)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return crypto.unseal(settings.METACLAW_MASTER_KEY, sealed, context=_CONTEXT).decode()

    def get_totp_issuer(self) -> str:
        return _PRODUCT

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        site: dict[str, str] = super().get_public_key_credential_rp_entity()
        return site | {"name": _PRODUCT}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        return "Passkey"
