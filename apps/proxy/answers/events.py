"""The events of a stream.
https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import orjson

_MARKS = (b"data:", b"event:", b":")


def is_stream(data: bytes) -> bool:
    return data.lstrip()[:6].startswith(_MARKS)


def event_texts(data: bytes) -> Iterator[bytes]:
    """The data of every server-sent event."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for block in data.split(b"\n\n"):
        if block.startswith(b"data: ") and b"\n" not in block:
            yield block[6:]
        else:
            yield from _joined_lines(block)


def parsed(texts: list[bytes]) -> Iterator[dict[str, Any]]:
    """The events that are objects: all in one go, or one by one where one is no JSON."""
    try:
        events = orjson.loads(b"[" + b",".join(texts) + b"]")
    except orjson.JSONDecodeError:
        events = _one_by_one(texts)
    return (event for event in events if isinstance(event, dict))


def _one_by_one(texts: list[bytes]) -> Iterator[Any]:
    for text in texts:
        with suppress(orjson.JSONDecodeError):
            yield orjson.loads(text)


def _joined_lines(block: bytes) -> Iterator[bytes]:
    lines = [
        line[5:].removeprefix(b" ") for line in block.split(b"\n") if line.startswith(b"data:")
    ]
    if lines:
        yield b"\n".join(lines)
