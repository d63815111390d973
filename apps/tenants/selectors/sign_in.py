from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import constant_time_compare

from apps.core.said import say
from apps.tenants.errors import SecondFactorNeeded
from apps.tenants.models import Membership, User
from apps.tenants.selectors.access import membership_get
from apps.tenants.types import CompanyAccount, Passkey, SignInMethods


def sign_in_methods(*, user: User, provider: str = "") -> SignInMethods:
    """What this person can sign in with; ``provider``: the company's, where there is one."""
    rows = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at"))
    app = _first(rows, Authenticator.Type.TOTP)
    codes = _first(rows, Authenticator.Type.RECOVERY_CODES)
    return SignInMethods(
        has_password=user.has_usable_password(),
        app_since=app.created_at if app else None,
        app_used_at=app.last_used_at if app else None,
        recovery_codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
        passkeys=tuple(
            Passkey(row.pk, row.wrap().name, row.created_at, row.last_used_at)
            for row in rows
            if row.type == Authenticator.Type.WEBAUTHN
        ),
        company_accounts=tuple(
            CompanyAccount(row.provider, row.uid, _email_of(row), row.date_joined, row.last_login)
            for row in SocialAccount.objects.filter(user_id=user.pk, provider=provider)
        ),
    )


def has_second_factor(*, user_id: UUID) -> bool:
    """Whether a password alone does not open this account."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    found: bool = Authenticator.objects.filter(user_id=user_id, type__in=kinds).exists()
    return found


def is_signed_in(*, user_id: UUID, session_key: str | None) -> bool:
    """Whether that session of theirs is still one: not ended, and of their present password."""
    held = SessionStore(session_key).load()
    user = User.objects.filter(id=user_id, is_active=True).first()
    if user is None or held.get(SESSION_KEY) != str(user_id):
        return False
    known = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(held.get(HASH_SESSION_KEY, ""), each) for each in known)


def membership_open(*, user_id: UUID, tenant_slug: str) -> Membership:
    """The membership of somebody who may come in now. Raises NotFound, SecondFactorNeeded."""
    membership = membership_get(user_id=user_id, tenant_slug=tenant_slug)
    if membership.tenant.needs_second_factor and not has_second_factor(user_id=user_id):
        english = (
            "This workspace asks its members for a second factor. Set one up on your account page:"
            " an authenticator app or a passkey."
        )
        raise SecondFactorNeeded(say("second_factor_needed", english))
    return membership


def _first(rows: list[Authenticator], kind: str) -> Authenticator | None:
    return next((row for row in rows if row.type == kind), None)


def _email_of(account: SocialAccount) -> str:
    told = account.extra_data.get("userinfo") or {}
    return str(told.get("email") or "")
