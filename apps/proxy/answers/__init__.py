"""Reading a provider's answer after the fact: the assistant's message, its end, its usage.

Never raises: whatever cannot be read is left out, and ``is_whole`` is False unless the
answer's own end was there.
"""

import zlib
from typing import Any, Protocol

import orjson

from apps.proxy.answers.answer import Answer
from apps.proxy.answers.chat import ChatReader, CompletionReader
from apps.proxy.answers.events import event_texts, is_stream, parsed
from apps.proxy.answers.messages import MessagesReader
from apps.proxy.answers.responses import ResponsesReader
from apps.proxy.answers.usage import read_error

__all__ = ["Answer", "read_answer"]

_DONE = b"[DONE]"


class _Reader(Protocol):
    """Reads one answer of one dialect into the Answer it was made with."""

    def __init__(self, answer: Answer) -> None: ...

    def whole(self, body: dict[str, Any]) -> None:
        """An answer in one piece."""

    def event(self, event: dict[str, Any]) -> None:
        """The next event of a stream."""

    def finish(self) -> None:
        """The stream has ended, here or on the way."""


_READERS: dict[str, type[_Reader]] = {
    "openai": ChatReader,
    "completions": CompletionReader,
    "anthropic": MessagesReader,
    "responses": ResponsesReader,
}
_MARKED = frozenset({"openai", "completions"})


def read_answer(dialect: str, data: bytes, encoding: str = "") -> Answer:
    """Read the relayed bytes of an answer, streamed or not."""
    data = _decoded(data, encoding)
    answer = Answer()
    reader = _READERS[dialect](answer)
    if is_stream(data):
        _read_stream(dialect, data, reader, answer)
        return answer
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        return answer
    if isinstance(body, dict):
        read_error(body, answer)
        reader.whole(body)
    return answer


def _read_stream(dialect: str, data: bytes, reader: _Reader, answer: Answer) -> None:
    texts = list(event_texts(data))
    if _DONE in texts:
        answer.is_whole = dialect in _MARKED
        texts = [text for text in texts if text != _DONE]
    for event in parsed(texts):
        if "error" in event:
            read_error(event, answer)
        reader.event(event)
    if answer.error:
        answer.is_whole = False
    reader.finish()


def _decoded(data: bytes, encoding: str) -> bytes:
    if encoding.lower() not in ("gzip", "deflate"):
        return data
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data)
    except zlib.error:
        return b""
