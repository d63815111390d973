"""The API dialects callers speak: which paths, which error shape, how a stream ends."""

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
_MARK_BYTES = 64


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of asking a model."""

    name: str
    # Behind the provider's API root.
    path: str
    # The member that holds the conversation, where it is a list.
    listed: str
    # What the last event of a stream holds. None of these can stand inside a JSON string.
    end_marks: tuple[bytes, ...]
    # Whether the mark is all there is to the event; else its line has to be whole too.
    is_mark_all: bool = True

    def error(self, status: int, message: str, code: str, request_id: str = "") -> bytes:
        """An error body as this dialect's clients expect it."""
        return orjson.dumps(self._error(status, message, code, request_id))

    def error_event(self, message: str, code: str) -> bytes:
        """The event that ends a stream which could not be finished.

        Starts with a blank line, because what came before may have been cut anywhere.
        """
        if self.name == "responses":
            # https://platform.openai.com/docs/api-reference/responses-streaming/error
            event = {"type": "error", "code": code, "message": message, "param": None}
            return b"\n\nevent: error\ndata: " + orjson.dumps(event) + b"\n\n"
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


class EndFinder:
    """Watches a stream for its own end, however it is cut into pieces."""

    __slots__ = ("_dialect", "_tail", "has_mark", "is_found")

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._tail = b"\n"
        # The last event has begun; without a cut it is there.
        self.has_mark = False
        self.is_found = False

    def feed(self, data: bytes) -> bool:
        """Whether the last event has come by now.

        Clients read whole lines: an event that was cut off ends nothing for them.
        """
        if self.is_found:
            return True
        rest = data
        if not self.has_mark:
            window = self._tail + data
            marks = self._dialect.end_marks
            at = next((at for mark in marks if (at := _behind(window, mark)) >= 0), -1)
            if at < 0:
                self._tail = window[-_MARK_BYTES:]
                return False
            self.has_mark = True
            rest = window[at:]
        self.is_found = self._dialect.is_mark_all or b"\n" in rest or b"\r" in rest
        return self.is_found


def _behind(window: bytes, mark: bytes) -> int:
    at = window.find(mark)
    return -1 if at < 0 else at + len(mark)


_DONE = (b"\ndata: [DONE]", b"\ndata:[DONE]")
OPENAI = Dialect("openai", "/chat/completions", "messages", _DONE)
COMPLETIONS = Dialect("completions", "/completions", "", _DONE)
ANTHROPIC = Dialect(
    "anthropic",
    "/messages",
    "messages",
    (b'"type":"message_stop"', b'"type": "message_stop"'),
    is_mark_all=False,
)
RESPONSES = Dialect(
    "responses",
    "/responses",
    "input",
    tuple(
        f'"type":{space}"response.{end}"'.encode()
        for end in ("completed", "incomplete", "failed")
        for space in ("", " ")
    ),
    is_mark_all=False,
)
# Vectors are no conversation: relayed and counted, but no turn.
EMBEDDINGS = Dialect("embeddings", "/embeddings", "", ())

TURN_ROUTES = {
    f"/v1{dialect.path}": dialect for dialect in (OPENAI, ANTHROPIC, RESPONSES, COMPLETIONS)
}
COUNT_ROUTE = f"/v1{ANTHROPIC.path}/count_tokens"
EMBEDDINGS_ROUTE = f"/v1{EMBEDDINGS.path}"
FEEDBACK_ROUTE = "/v1/feedback"
TRAIN_STEP_ROUTE = "/v1/admin/train_step"
