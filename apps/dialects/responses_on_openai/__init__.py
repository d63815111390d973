"""A caller of the Responses API on a provider of chat completions."""

from typing import Any

from apps.dialects.failures import as_openai, read_failure
from apps.dialects.fields import printable
from apps.dialects.responses_on_openai.answer import response_of
from apps.dialects.responses_on_openai.asked import Asked
from apps.dialects.responses_on_openai.request import chat_request
from apps.dialects.responses_on_openai.stream import ResponsesStream
from apps.dialects.shape import as_json

Body = dict[str, Any]


class ResponsesOnOpenai:
    """``keeps_signed`` where a translation to Anthropic follows, which wants its own reasoning."""

    def __init__(self, request: Body, created_at: int, *, keeps_signed: bool = False) -> None:
        self.asked = Asked(request, created_at, keeps_signed)
        self.left_out: list[str] = []

    def request(self, body: Body) -> Body:
        translated, left_out = chat_request(body, keeps_signed=self.asked.keeps_signed)
        self.left_out = printable(left_out)
        return translated

    def answer(self, body: Body) -> Body:
        return response_of(body, self.asked)

    def error(self, status: int, body: bytes) -> bytes:
        return as_json(as_openai(read_failure(status, body))).encode(errors="replace")

    def stream(self) -> ResponsesStream:
        return ResponsesStream(self.asked)
