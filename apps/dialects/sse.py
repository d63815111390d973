"""Server-sent events: out of bytes that are cut anywhere, and into bytes.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from collections.abc import Iterator
from typing import Any

from apps.dialects.shape import as_json

EVENT_MAX = 32 * 1024 * 1024
DONE = b"data: [DONE]\n\n"


class EventTooLarge(Exception):
    """One event is larger than an answer can reasonably be."""


class Events:
    """Collects bytes and gives the data of every event that is whole."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._skips_newline = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The data of the events that end in ``data``. Raises ``EventTooLarge``."""
        if self._skips_newline and data:
            # The other half of a line end that was cut between its two characters.
            data = data.removeprefix(b"\n")
            self._skips_newline = False
        self._skips_newline = data.endswith(b"\r")
        self._size += len(data)
        if self._size > EVENT_MAX:
            raise EventTooLarge
        for line in data.splitlines(keepends=True):
            self._line += line
            if line.endswith((b"\n", b"\r")):
                yield from self._take_line()

    def end(self) -> Iterator[bytes]:
        """The event that only the end of the stream ends."""
        if self._line:
            yield from self._take_line()
        yield from self._take_event()

    def _take_line(self) -> Iterator[bytes]:
        line = bytes(self._line).rstrip(b"\r\n")
        self._line.clear()
        if not line:
            yield from self._take_event()
        elif line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))

    def _take_event(self) -> Iterator[bytes]:
        data, self._data = self._data, []
        self._size = 0
        if data:
            yield b"\n".join(data)


def data_line(body: Any) -> bytes:
    return b"data: " + _encoded(body) + b"\n\n"


def named_event(body: dict[str, Any]) -> bytes:
    """An event that carries its type both as its name and in its data."""
    return f"event: {body['type']}\n".encode() + data_line(body)


def _encoded(body: Any) -> bytes:
    # A lone half of a surrogate pair has no UTF-8 form; callers may put one into a request.
    return as_json(body).encode("utf-8", errors="replace")
