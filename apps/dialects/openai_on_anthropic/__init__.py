"""A caller of chat completions on a provider of the Anthropic API."""

from typing import Any

from apps.dialects.failures import as_openai, read_failure
from apps.dialects.fields import printable
from apps.dialects.openai_on_anthropic.answer import completion_of
from apps.dialects.openai_on_anthropic.request import anthropic_request
from apps.dialects.openai_on_anthropic.stream import OpenaiStream
from apps.dialects.shape import as_json

Body = dict[str, Any]


class OpenaiOnAnthropic:
    """``created_at`` is what answers say of their age: Anthropic's say nothing."""

    def __init__(self, request: Body, created_at: int) -> None:
        self.asked = request
        self.left_out: list[str] = []
        self._created_at = created_at

    def request(self, body: Body) -> Body:
        translated, left_out = anthropic_request(body)
        self.left_out = printable(left_out)
        return translated

    def answer(self, body: Body) -> Body:
        return completion_of(body, self.asked, self._created_at)

    def error(self, status: int, body: bytes) -> bytes:
        return as_json(as_openai(read_failure(status, body))).encode(errors="replace")

    def stream(self) -> OpenaiStream:
        return OpenaiStream(self.asked, self._created_at)
