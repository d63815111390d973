"""What every stream on its way through translation has in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import orjson

from apps.dialects.failures import Failure
from apps.dialects.sse import Events, EventTooLarge


class ProviderStream(ABC):
    """Reads a provider's events one by one; after an end or an error nothing more is said."""

    def __init__(self) -> None:
        self._events = Events()
        self.is_complete = False
        self.error: Failure | None = None

    def feed(self, data: bytes) -> bytes:
        return self._say(self._events.feed(data))

    def end(self) -> bytes:
        return self._say(self._events.end())

    def _say(self, events: Iterator[bytes]) -> bytes:
        said = bytearray()
        try:
            for data in events:
                if self.is_complete or self.error:
                    break
                said += self._take(data)
        except EventTooLarge:
            said += self._fail(Failure("The provider sent an event too large to pass on."))
        return bytes(said)

    def _take(self, data: bytes) -> bytes:
        if data.strip() == b"[DONE]":
            return self._take_done()
        try:
            event = orjson.loads(data)
        except orjson.JSONDecodeError:
            if not data.lstrip().startswith(b"{"):
                return b""  # A sign of life, as some providers send.
            # A part of the answer is lost: it must not look complete.
            return self._fail(Failure("The provider sent an event that cannot be read."))
        return self._take_event(event) if isinstance(event, dict) else b""

    def _fail(self, failure: Failure) -> bytes:
        if self.is_complete or self.error:
            return b""
        self.error = failure
        return self._error_event(failure)

    @abstractmethod
    def _take_event(self, event: dict[str, Any]) -> bytes: ...

    def _take_done(self) -> bytes:
        """``[DONE]``, which ends a chat stream and means nothing in others."""
        return b""

    @abstractmethod
    def _error_event(self, failure: Failure) -> bytes: ...
