"""The API dialects callers speak: which path, which error shape, which credentials."""

from dataclasses import dataclass
from typing import Any

import orjson

_ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}
_OPENAI_TYPES = {
    400: "invalid_request_error",
    401: "invalid_request_error",
    403: "invalid_request_error",
    404: "invalid_request_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of asking a model."""

    name: str
    chat_path: str
    # A stream that contains one of these is whole. Neither can stand inside a JSON string.
    end_marks: tuple[bytes, ...]

    def ends_in(self, data: bytes) -> bool:
        """Whether these bytes of a stream hold its end."""
        return any(mark in data for mark in self.end_marks)

    def credentials(self, api_key: str) -> list[tuple[str, str]]:
        """The header by which this dialect's providers know the caller."""
        if not api_key:
            return []
        if self.name == "anthropic":
            return [("x-api-key", api_key)]
        return [("authorization", f"Bearer {api_key}")]

    def error(self, status: int, message: str, code: str, request_id: str = "") -> bytes:
        """An error body as this dialect's clients expect it."""
        return orjson.dumps(self._error(status, message, code, request_id))

    def error_event(self, message: str, code: str) -> bytes:
        """The event that ends a stream which could not be finished."""
        body = orjson.dumps(self._error(502, message, code, ""))
        if self.name == "anthropic":
            return b"\n\nevent: error\ndata: " + body + b"\n\n"
        return b"\n\ndata: " + body + b"\n\n"

    def _error(self, status: int, message: str, code: str, request_id: str) -> dict[str, Any]:
        if self.name == "anthropic":
            kind = _ANTHROPIC_TYPES.get(status, "api_error")
            body: dict[str, Any] = {"type": "error", "error": {"type": kind, "message": message}}
            return body | ({"request_id": request_id} if request_id else {})
        return {
            "error": {
                "message": message,
                "type": _OPENAI_TYPES.get(status, "server_error"),
                "param": None,
                "code": code,
            }
        }


OPENAI = Dialect("openai", "/chat/completions", (b"\ndata: [DONE]", b"\ndata:[DONE]"))
ANTHROPIC = Dialect("anthropic", "/messages", (b'"type":"message_stop"', b'"type": "message_stop"'))
CHAT_ROUTES = {"/v1/chat/completions": OPENAI, "/v1/messages": ANTHROPIC}
BY_NAME = {dialect.name: dialect for dialect in (OPENAI, ANTHROPIC)}
