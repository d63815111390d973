"""What a direction of translation can do, and the shapes that pass through it."""

from typing import Any, Protocol

from apps.dialects.failures import Failure

Body = dict[str, Any]


class StreamTranslator(Protocol):
    """One provider's stream on its way to one caller. Never raises for what a provider sends."""

    @property
    def is_complete(self) -> bool:
        """The provider's own end mark was seen, and the caller's has been said."""
        ...

    @property
    def error(self) -> Failure | None:
        """The error that the provider, or a broken event, ended the stream with."""
        ...

    def feed(self, data: bytes) -> bytes:
        """Take the provider's bytes, cut anywhere; give what can be said to the caller now."""
        ...

    def end(self) -> bytes:
        """The provider's stream is over: what is left to say. A cut stream stays incomplete."""
        ...


class Translation(Protocol):
    """One request's way from the caller's API to the provider's, and the answer's way back.

    ``left_out`` is filled by ``request``: fields and tools that were not carried because
    the answer can live without them. Name them to the caller.
    """

    left_out: list[str]

    def request(self, body: Body) -> Body:
        """The body for the provider. Raises ``Untranslatable``; the same body, the same result."""
        ...

    def answer(self, body: Body) -> Body:
        """A whole 2xx answer for the caller. Raises ``UnreadableAnswer`` if it is none."""
        ...

    def error(self, status: int, body: bytes) -> bytes:
        """An error body of any form as error JSON of the caller's API."""
        ...

    def stream(self) -> StreamTranslator: ...
