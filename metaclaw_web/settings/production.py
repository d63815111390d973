"""Behind a reverse proxy that speaks TLS."""

from metaclaw_web.env import env_list
from metaclaw_web.settings.base import *  # noqa: F403

ALLOWED_HOSTS = env_list("METACLAW_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_list("METACLAW_TRUSTED_ORIGINS")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
