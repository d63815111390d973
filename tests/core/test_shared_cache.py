"""What console processes count together, over the real Redis."""

from urllib.parse import urlsplit

import pytest
from allauth.core import ratelimit
from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from django.test import RequestFactory, override_settings

from apps.core import shared_cache
from apps.core.bell import redis_client
from apps.core.ids import uuid7
from apps.core.shared_cache import SharedCache
from metaclaw_web.settings import base
from tests.proxy.fault_proxy import FaultProxy


@pytest.fixture
def prefix():
    name = f"test-{uuid7()}"
    yield name
    process(name).clear()


def process(prefix, url=settings.REDIS_URL) -> SharedCache:
    """A console process's."""
    timeouts = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
    return SharedCache(url, {"KEY_PREFIX": prefix, "OPTIONS": timeouts})


def test_consoles_count_in_it():
    assert base.CACHES["default"]["BACKEND"] == "apps.core.shared_cache.SharedCache"
    assert base.CACHES["default"]["LOCATION"] == base.REDIS_URL


def test_one_process_sees_what_another_counted(prefix):
    one, other = process(prefix), process(prefix)

    one.set("tries", [2.5, 1.0], 60)

    assert other.get("tries", []) == [2.5, 1.0]
    assert other.add("code", True, 60) is True
    assert one.add("code", True, 60) is False
    other.delete("tries")
    assert one.get("tries", []) == []


def test_what_somebody_wrote_into_redis_makes_no_objects(prefix):
    with redis_client() as redis:
        redis.set(f"{prefix}:1:tries", b"cos\nsystem\n(S'true'\ntR.")

    with pytest.raises(ValueError, match="Expecting value"):
        process(prefix).get("tries")


def test_clearing_leaves_everything_else_in_redis_alone(prefix):
    one = process(prefix)
    one.set("tries", [1.0], 60)
    with redis_client() as redis:
        redis.set(f"{prefix}-other", "stays")

        one.clear()

        assert redis.get(f"{prefix}-other") == b"stays"
        redis.delete(f"{prefix}-other")
    assert one.get("tries") is None


def test_without_redis_each_process_counts_by_itself(prefix):
    one = process(prefix, "redis://127.0.0.1:1/0")

    one.set("tries", [1.0], 60)

    assert one.get("tries") == [1.0]
    assert one.add("tries", True) is False
    one.delete("tries")
    assert one.get("tries", []) == []


def test_redis_that_does_not_answer_is_asked_once_and_again_after_a_pause(prefix, monkeypatch):
    door = FaultProxy(urlsplit(settings.REDIS_URL).port)
    through = urlsplit(settings.REDIS_URL)
    credentials = through.netloc.rpartition("@")[0]
    address = through._replace(netloc=f"{credentials}@127.0.0.1:{door.port}").geturl()
    asked = []
    real = RedisCache.get
    monkeypatch.setattr(RedisCache, "get", lambda *args: asked.append(1) or real(*args))
    try:
        door.swallow()
        assert [process(prefix, address).get("tries", []) for _ in range(5)] == [[]] * 5
        assert len(asked) == 1

        door.open()
        process(prefix).set("tries", [1.0], 60)
        shared_cache._away[address] -= 60
        assert process(prefix, address).get("tries", []) == [1.0]
    finally:
        door.stop()


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=0)
def test_a_limit_holds_across_processes(prefix, monkeypatch):
    request = RequestFactory().post("/")
    taken = []

    for number in range(12):
        # Every other try comes to another process.
        monkeypatch.setattr(ratelimit._impl, "cache", process(prefix))
        taken.append(ratelimit.consume(request, action="login_failed", key=f"mira {number // 12}"))

    assert taken == [True] * taken.count(True) + [False] * taken.count(False)
    assert 0 < taken.count(True) < 12
