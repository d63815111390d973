"""Doors in front of Postgres and Redis, for processes that are to lose them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from tests.proxy.fault_proxy import FaultProxy


@dataclass(frozen=True, slots=True)
class Doors:
    postgres: FaultProxy
    redis: FaultProxy

    @property
    def env(self) -> dict[str, str]:
        """Addresses of the two servers, by way of the doors."""
        return {
            "DATABASE_URL": _through(settings.DATABASE_URL, self.postgres),
            "REDIS_URL": _through(settings.REDIS_URL, self.redis),
        }


@contextmanager
def doors() -> Iterator[Doors]:
    """Both open; the servers behind them never notice when they are shut."""
    both = Doors(
        postgres=FaultProxy(urlsplit(settings.DATABASE_URL).port or 5432),
        redis=FaultProxy(urlsplit(settings.REDIS_URL).port or 6379),
    )
    try:
        yield both
    finally:
        both.postgres.stop()
        both.redis.stop()


def _through(address: str, door: FaultProxy) -> str:
    parts = urlsplit(address)
    credentials, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{credentials}{at}127.0.0.1:{door.port}").geturl()
