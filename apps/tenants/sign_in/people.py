from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from apps.tenants.models import User
from apps.tenants.services.sign_in import sign_in_changed

# What allauth would tell the person by mail: what happened, and to what.
_CHANGES = {
    "mfa/email/totp_activated": ("added", "authenticator app"),
    "mfa/email/totp_deactivated": ("removed", "authenticator app"),
    "mfa/email/webauthn_added": ("added", "passkey"),
    "mfa/email/webauthn_removed": ("removed", "passkey"),
    "mfa/email/recovery_codes_generated": ("renewed", "recovery codes"),
    "account/email/password_changed": ("changed", "password"),
    "account/email/password_set": ("added", "password"),
    "socialaccount/email/account_connected": ("added", "company account"),
    "socialaccount/email/account_disconnected": ("removed", "company account"),
}


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody makes an account for themselves: an owner does."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_notification_mail(self, template_prefix: str, user: User, *_: Any, **__: Any) -> None:
        """Called after each change of how somebody signs in. It is noted; no mail is set up."""
        change, detail = _CHANGES.get(template_prefix, ("changed", template_prefix))
        if detail == "company account" and not user.has_usable_password():
            # Found by the address: allauth ended the password, another may have chosen it.
            detail += ", no password"
        sign_in_changed(user=user, change=change, detail=detail)
