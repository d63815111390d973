"""Of allauth's endpoints, those that the console uses.

The others would let people add addresses to their account that nobody verified (which then count
when a company's provider names one), reset passwords by mail that is not set up, and hand in
tokens of a provider past its sign-in page.
"""

from allauth.headless.constants import Client
from django.urls import include, path, re_path

from apps.tenants.sign_in.company import company_callback
from apps.tenants.sign_in.password import PasswordView

_BROWSER = "browser/v1/"
_USED = "|".join(
    [
        "config",
        "auth/login",
        "auth/session",
        "auth/sessions",
        # Answers that nobody signs up here.
        "auth/signup",
        "auth/reauthenticate",
        "auth/2fa/(?:re)?authenticate",
        "auth/webauthn/(?:login|(?:re)?authenticate)",
        "account/authenticators(?:/(?:totp|recovery-codes|webauthn))?",
        "account/providers",
    ]
)

urlpatterns = [
    path("company/callback", company_callback, name="company_callback"),
    path(f"{_BROWSER}account/password/change", PasswordView.as_api_view(client=Client.BROWSER)),
    re_path(f"^(?={_BROWSER}(?:{_USED})$)", include("allauth.headless.urls")),
]
