"""Tests: real Postgres and Redis from the environment, everything else fast."""

import base64
import os

# So that `mypy` and single test files run without the stack's environment.
os.environ.setdefault("METACLAW_SECRET_KEY", "test-only")
os.environ.setdefault("METACLAW_KEY_PEPPER", "test-only")
os.environ.setdefault(
    "METACLAW_MASTER_KEY", base64.b64encode(b"test-only-test-only-test-only-32").decode()
)
os.environ.setdefault("DATABASE_URL", "postgres://mc_app@127.0.0.1:5432/metaclaw")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/0")

from metaclaw_web.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Test processes share a Redis, and would use up each other's tries.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
METACLAW_ALLOW_PRIVATE_UPSTREAMS = True
ALLOWED_HOSTS = ["*"]
# Each test's client is a new application, which would read the whole built console.
WHITENOISE_AUTOREFRESH = True
