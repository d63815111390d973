"""Behind a reverse proxy that speaks TLS."""

from metaclaw_web.env import env_int, env_list
from metaclaw_web.settings.base import *  # noqa: F403

ALLOWED_HOSTS = env_list("METACLAW_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_list("METACLAW_TRUSTED_ORIGINS")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# So many proxies stand in front: limits of attempts count the address before them, not theirs.
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("METACLAW_TRUSTED_PROXIES", 1, least=0, most=9)
SECURE_HSTS_SECONDS = 31_536_000
