"""Signing in with the company's provider: for people who are known here, and for nobody else."""

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse

from apps.tenants.models import User
from apps.tenants.sign_in.openid import CompanyOAuth2Adapter, CompanyRefused

logger = logging.getLogger(__name__)


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    oauth2_adapter_class = CompanyOAuth2Adapter
    # Tokens come from the provider itself, in a sign-in that began here.
    supports_token_authentication = False

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        claims = data["userinfo"]
        if not isinstance(claims.get("email"), str):
            return []
        # Some providers send words for truth values; "false" must not count as true.
        is_verified = claims.get("email_verified") in (True, "true")
        return [EmailAddress(email=claims["email"], verified=is_verified, primary=True)]

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the account page shows, and no more of what the provider told."""
        return {"userinfo": {"email": data["userinfo"].get("email")}}


class KnownPeopleAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The known person with this address, as the provider verified it.

        Not one who has an account there already: addresses are given to new people, too.
        """
        account = sociallogin.account
        for address in sociallogin.email_addresses:
            people = User.objects.filter(email__iexact=address.email, is_active=True)
            found = people.exclude(socialaccount__provider=account.provider).first()
            if address.verified and found is not None:
                return found, address.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing and not sociallogin.user.is_active:
            raise PermissionDenied
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        if not any(address.verified for address in sociallogin.email_addresses):
            raise ValidationError("The address is not verified.", code="email_unverified")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **more: Any
    ) -> None:
        exception = more.get("exception")
        # What others raise may repeat what they were sent.
        ours = isinstance(exception, CompanyRefused)
        reason = str(exception) if ours else type(exception).__name__
        logger.warning("sign_in.company_failed", extra={"error": str(error), "reason": reason})


def company_provider(request: HttpRequest) -> CompanyProvider | None:
    """The installation's one provider, if the operator set one."""
    return next(iter(get_adapter(request).list_providers(request)), None)


def company_callback(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to; leads on to a page of the console."""
    provider = company_provider(request)
    if provider is None:
        return JsonResponse({"code": "not_found", "detail": "Nothing lives here."}, status=404)
    view = OAuth2CallbackView.adapter_view(CompanyOAuth2Adapter(request, provider.sub_id))
    answer: HttpResponse = view(request)
    return answer
