"""Settings of processes that log all they can, and that break where a test asks for it."""

from typing import Any

from django.apps import AppConfig

from metaclaw_web.settings.test import *  # noqa: F403
from metaclaw_web.settings.test import INSTALLED_APPS, LOGGING

LIBRARIES = [
    *("aiohttp", "aiohttp.client", "aiohttp.access", "asyncio", "celery", "django"),
    *("django.db.backends", "httpcore", "httpcore2", "httpx", "httpx2", "kombu", "openai"),
    *("psycopg", "redis", "urllib3", "uvicorn", "uvicorn.access", "uvicorn.error"),
]
LOGGING = LOGGING | {
    "root": {"handlers": ["stderr"], "level": "DEBUG"},
    "loggers": {name: {"level": "DEBUG"} for name in LIBRARIES},
}
INSTALLED_APPS = [*INSTALLED_APPS, "tests.proxy.loud.Loud"]
BUG = b"find-a-bug"


class Loud(AppConfig):
    name = "tests.proxy.loud"

    def ready(self) -> None:
        from apps.proxy.gateway import asking

        read = asking.read

        def read_or_fail(dialect: Any, headers: Any, raw: bytes, **more: Any) -> Any:
            if BUG in raw:
                raise ValueError(f"cannot read {raw!r} with {headers!r}")
            return read(dialect, headers, raw, **more)

        asking.read = read_or_fail
