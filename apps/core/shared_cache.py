"""What all console processes count together: tries to sign in, codes that were used.

Redis may vanish at any moment. Each process then goes on by itself: the limits are looser for
that while, and nobody is kept from signing in.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# Where Redis did not answer, it is left alone for so long: requests do not wait for it one by one.
_PAUSE_SECONDS = 2.0
# By its address, until when; instances come and go with requests.
_away: dict[str, float] = {}


class JsonSerializer:
    """Django's own makes objects of what it reads: whoever writes to Redis could run code here."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value).encode()

    def loads(self, text: bytes) -> Any:
        return json.loads(text)


def _or_alone(name: str) -> Callable[..., Any]:
    def call(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _away.get(self.server, 0.0):
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError:
                _away[self.server] = time.monotonic() + _PAUSE_SECONDS
        return getattr(self.alone, name)(*args, **kwargs)

    return call


class SharedCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.get("OPTIONS", {}) | {"serializer": JsonSerializer}
        self.server = server
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
