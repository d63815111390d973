"""Two translations in a row: the Responses API through chat completions to Anthropic."""

from typing import Any

from apps.dialects.failures import Failure
from apps.dialects.openai_on_anthropic import OpenaiOnAnthropic
from apps.dialects.responses_on_openai import ResponsesOnOpenai
from apps.dialects.types import StreamTranslator

Body = dict[str, Any]


class ResponsesOnAnthropic:
    def __init__(self, request: Body, created_at: int) -> None:
        # The chat in between is ours: it always counts, whatever the caller asked.
        chat = {"model": request.get("model"), "stream_options": {"include_usage": True}}
        self._outer = ResponsesOnOpenai(request, created_at, keeps_signed=True)
        self._inner = OpenaiOnAnthropic(chat, created_at)
        self.left_out: list[str] = []

    def request(self, body: Body) -> Body:
        chat = self._outer.request(body)
        translated = self._inner.request(chat)
        self.left_out = [*self._outer.left_out, *self._inner.left_out]
        return translated

    def answer(self, body: Body) -> Body:
        return self._outer.answer(self._inner.answer(body))

    def error(self, status: int, body: bytes) -> bytes:
        return self._outer.error(status, self._inner.error(status, body))

    def stream(self) -> StreamTranslator:
        return _TwoStreams(self._inner.stream(), self._outer.stream())


class _TwoStreams:
    """What the first says, the second hears."""

    def __init__(self, inner: StreamTranslator, outer: StreamTranslator) -> None:
        self._inner, self._outer = inner, outer

    @property
    def is_complete(self) -> bool:
        return self._outer.is_complete

    @property
    def error(self) -> Failure | None:
        return self._outer.error

    def feed(self, data: bytes) -> bytes:
        return self._outer.feed(self._inner.feed(data))

    def end(self) -> bytes:
        return self._outer.feed(self._inner.end()) + self._outer.end()
