"""People: who they are, how they sign in, and the mail that they get. A part of ``base``."""

from metaclaw_web.env import BadSetting, env_choice, env_int, env_str, env_url, secret
from metaclaw_web.settings.company import company_apps

AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "apps.tenants.sign_in.strength.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "apps.tenants.sign_in.people.InvitedOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Whoever changes how they sign in has proved who they are within the last five minutes.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_ADAPTER = "apps.tenants.sign_in.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey alone signs in: it is two factors by itself, the device and what unlocks it.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# allauth wants verified addresses first where anybody may sign up. Nobody may here.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# When each session was last used; noted by our SeenMiddleware, not by allauth's.
USERSESSIONS_TRACK_ACTIVITY = True

# The company's own sign-in, one for the installation: any provider of OpenID Connect.
METACLAW_OIDC_ISSUER = env_url("METACLAW_OIDC_ISSUER", "", example="https://login.example.com")
METACLAW_OIDC_NAME = env_str("METACLAW_OIDC_NAME", "your company")
SOCIALACCOUNT_ADAPTER = "apps.tenants.sign_in.company.KnownPeopleAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "apps.tenants.sign_in.company.CompanyProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": company_apps(METACLAW_OIDC_ISSUER, METACLAW_OIDC_NAME),
    }
}
# Who the provider says has a known person's verified address is that person, and stays it.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
HEADLESS_FRONTEND_URLS = {"socialaccount_login_error": "/sign-in?step=company"}
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Who may make workspaces in the console: people who own one already, anybody, or nobody.
METACLAW_WORKSPACE_CREATION = env_choice(
    "METACLAW_WORKSPACE_CREATION", "owners", ("owners", "anyone", "nobody")
)

# E-mail ------------------------------------------------------------------------------------

# Invitations go out by it; without a server the console shows their links to send by hand.
EMAIL_HOST = env_str("METACLAW_EMAIL_HOST", "")
METACLAW_SENDS_EMAIL = bool(EMAIL_HOST)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = env_int("METACLAW_EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env_str("METACLAW_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = secret("METACLAW_EMAIL_PASSWORD", "")
_EMAIL_SECURITY = env_choice("METACLAW_EMAIL_SECURITY", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS = _EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = _EMAIL_SECURITY == "tls"
# Somebody waits for the answer while it is sent.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_str("METACLAW_EMAIL_FROM", "")
if EMAIL_HOST and not DEFAULT_FROM_EMAIL:
    raise BadSetting(
        "METACLAW_EMAIL_FROM",
        "is not set, but METACLAW_EMAIL_HOST is; mail has to come from somebody.",
        example="MetaClaw <metaclaw@example.com>",
    )
