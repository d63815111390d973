"""What all console processes count together: tries to sign in, codes that were used.

Redis may vanish at any moment. Each process then goes on by itself: the limits are looser for
that while, and nobody is kept from signing in.
"""

import json
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


class JsonSerializer:
    """Django's own makes objects of what it reads: whoever writes to Redis could run code here."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value).encode()

    def loads(self, text: bytes) -> Any:
        return json.loads(text)


def _or_alone(name: str) -> Callable[..., Any]:
    def call(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except RedisError:
            return getattr(self.alone, name)(*args, **kwargs)

    return call


class SharedCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.get("OPTIONS", {}) | {"serializer": JsonSerializer}
        super().__init__(server, params | {"OPTIONS": options})
        self.alone = LocMemCache(self.key_prefix, {"KEY_PREFIX": self.key_prefix})

    add = _or_alone("add")
    get = _or_alone("get")
    set = _or_alone("set")
    delete = _or_alone("delete")

    def clear(self) -> None:
        """Forget what is kept here; Django's own empties all of Redis, the jobs' bells too."""
        client = self._cache.get_client(write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*"):
            client.delete(key)
        self.alone.clear()
