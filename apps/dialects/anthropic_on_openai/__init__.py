"""A caller of the Anthropic API on a provider of chat completions."""

from typing import Any

from apps.dialects.anthropic_on_openai.answer import message_of
from apps.dialects.anthropic_on_openai.request import chat_request
from apps.dialects.anthropic_on_openai.stream import AnthropicStream
from apps.dialects.failures import as_anthropic, read_failure
from apps.dialects.fields import printable
from apps.dialects.shape import as_json

Body = dict[str, Any]


class AnthropicOnOpenai:
    def __init__(self, request: Body) -> None:
        self.asked = request
        self.left_out: list[str] = []

    def request(self, body: Body) -> Body:
        translated, left_out = chat_request(body)
        self.left_out = printable(left_out)
        return translated

    def answer(self, body: Body) -> Body:
        return message_of(body, self.asked)

    def error(self, status: int, body: bytes) -> bytes:
        return as_json(as_anthropic(read_failure(status, body))).encode(errors="replace")

    def stream(self) -> AnthropicStream:
        return AnthropicStream(self.asked)
