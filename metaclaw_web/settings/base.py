"""Settings of every environment: complete and safe. The others change as little as possible.

Each variable is read once, here or in one of the parts below, through ``metaclaw_web.env``;
``.env.example`` lists them.
"""

import base64
import binascii
import re
from pathlib import Path

from metaclaw_web.env import BadSetting, env_float, env_int, env_list, env_str, secret
from metaclaw_web.settings.gateway import *  # noqa: F403
from metaclaw_web.settings.learning import *  # noqa: F403
from metaclaw_web.settings.observing import *  # noqa: F403
from metaclaw_web.settings.people import *  # noqa: F403
from metaclaw_web.settings.places import BASE_DIR, VAR_DIR
from metaclaw_web.settings.rest import *  # noqa: F403
from metaclaw_web.settings.stores import *  # noqa: F403

METACLAW_VERSION = "0.1.0"
DEBUG = False
SECRET_KEY = secret("METACLAW_SECRET_KEY")
ALLOWED_HOSTS = env_list("METACLAW_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.headless",
    "allauth.usersessions",
    "apps.core",
    "apps.jobs",
    "apps.tenants",
    "apps.live",
    "apps.upstreams",
    "apps.usage",
    "apps.trajectories",
    "apps.skills",
    "apps.evolution",
    "apps.training",
    "apps.exports",
    "apps.proxy",
    "apps.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "apps.core.security_headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # What the framework says itself, of a field that is missing or of a password that is weak.
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.tenants.sign_in.seen.SeenMiddleware",
]

ROOT_URLCONF = "metaclaw_web.urls"
ASGI_APPLICATION = "metaclaw_web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]  # those of the console
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# Secrets ----------------------------------------------------------------------------------


def _master_key() -> bytes:
    try:
        key = base64.b64decode(secret("METACLAW_MASTER_KEY"), validate=True)
    except binascii.Error:
        raise BadSetting("METACLAW_MASTER_KEY", "is not base64.") from None
    if len(key) != 32:
        raise BadSetting("METACLAW_MASTER_KEY", f"has {len(key)} bytes, 32 are needed.")
    return key


METACLAW_KEY_PEPPER = secret("METACLAW_KEY_PEPPER").encode()
METACLAW_MASTER_KEY = _master_key()

# Console ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
CONSOLE_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [("console", CONSOLE_DIST)] if CONSOLE_DIST.is_dir() else []
# Served from where the build left them; nothing is collected into another place.
WHITENOISE_USE_FINDERS = True
_HASHED_NAME = re.compile(r"^.+[.-][0-9A-Za-z_-]{8}\..+$")


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:
    """Vite puts a content hash into every file name but that of the page."""
    return bool(_HASHED_NAME.match(url))


DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

# Exports and deletion ---------------------------------------------------------------------

# Workers write them, consoles hand them out: where these are on several machines, they share it.
METACLAW_EXPORTS_DIR = Path(env_str("METACLAW_EXPORTS_DIR", str(VAR_DIR / "exports")))
METACLAW_EXPORT_DAYS = env_int("METACLAW_EXPORT_DAYS", 7, least=1, most=365)
# So long an owner can undo the deletion of a workspace.
METACLAW_DELETION_GRACE_HOURS = env_float(
    "METACLAW_DELETION_GRACE_HOURS", 168.0, least=0, most=8760
)
