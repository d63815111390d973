"""Errors of providers, read from any form and written in the form of the caller's API.

``kind`` is the name that the Anthropic API gives an error; OpenAI's type and code are kept
beside it where the provider spoke OpenAI.
"""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from apps.dialects.shape import dict_of, text_of

_KIND_BY_STATUS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    408: "timeout_error",
    504: "timeout_error",
    503: "overloaded_error",
    529: "overloaded_error",
}
_OPENAI_BY_KIND: dict[str, tuple[str, str | None]] = {
    "invalid_request_error": ("invalid_request_error", None),
    "authentication_error": ("invalid_request_error", "invalid_api_key"),
    "billing_error": ("insufficient_quota", "insufficient_quota"),
    "permission_error": ("invalid_request_error", "permission_denied"),
    "not_found_error": ("invalid_request_error", "not_found"),
    "request_too_large": ("invalid_request_error", "request_too_large"),
    "rate_limit_error": ("rate_limit_error", "rate_limit_exceeded"),
    "timeout_error": ("server_error", "timeout"),
    "overloaded_error": ("server_error", "overloaded"),
    "api_error": ("server_error", "server_error"),
}
# What the codes and types of OpenAI-like providers mean, for streams, which have no status.
_KIND_BY_WORD = {
    "context_length_exceeded": "invalid_request_error",
    "invalid_prompt": "invalid_request_error",
    "invalid_api_key": "authentication_error",
    "insufficient_quota": "billing_error",
    "model_not_found": "not_found_error",
    "rate_limit_exceeded": "rate_limit_error",
    "rate_limit": "rate_limit_error",
    "requests": "rate_limit_error",
    "tokens": "rate_limit_error",
    "overloaded": "overloaded_error",
    "engine_overloaded": "overloaded_error",
    "timeout": "timeout_error",
}
_TOO_LONG = re.compile(
    r"prompt is too long|maximum context length|context[ _](?:length|window)", re.IGNORECASE
)
_EXCERPT = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong at a provider, as far as it said so."""

    message: str
    kind: str = "api_error"
    openai_type: str = ""
    code: str | None = None
    param: str | None = None

    @property
    def is_too_long(self) -> bool:
        """The prompt does not fit the model: clients shorten it and try again."""
        return self.kind == "invalid_request_error" and (
            self.code == "context_length_exceeded" or bool(_TOO_LONG.search(self.message))
        )


def read_failure(status: int, body: bytes) -> Failure:
    """An answer of 400 and above, whatever it is made of."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = _plain_text(body)
    if isinstance(said, list) and said:
        said = said[0]  # Gemini's OpenAI endpoint wraps its error in a list.
    error = _error_in(said)
    return failure_of(error, status)


def failure_of(error: Any, status: int = 0) -> Failure:
    """The error object of either API, or a bare sentence."""
    fields = dict_of(error)
    message = text_of(error) or _message_in(fields)
    code = fields.get("code")
    code = str(code) if isinstance(code, str | int) and code != "" else None
    kind = _kind(status, text_of(fields.get("type")), code)
    return Failure(
        message=message or _silence(status),
        kind=kind,
        openai_type=text_of(fields.get("type")),
        code=code,
        param=text_of(fields.get("param")) or None,
    )


def as_anthropic(failure: Failure) -> dict[str, Any]:
    message = failure.message
    if failure.is_too_long and not message.startswith("prompt is too long"):
        # Claude Code shortens its history when a 400 begins with these words.
        message = f"prompt is too long: {message}"
    return {"type": "error", "error": {"type": failure.kind, "message": message}}


def as_openai(failure: Failure) -> dict[str, Any]:
    kind, code = _OPENAI_BY_KIND.get(failure.kind, _OPENAI_BY_KIND["api_error"])
    if failure.openai_type and failure.openai_type not in _OPENAI_BY_KIND:
        kind = failure.openai_type
    return {
        "error": {
            "message": failure.message,
            "type": kind,
            "param": failure.param,
            "code": "context_length_exceeded" if failure.is_too_long else failure.code or code,
        }
    }


def as_response_error(failure: Failure) -> dict[str, Any]:
    """The ``error`` of a failed response; Codex acts on these codes."""
    if failure.is_too_long:
        code = "context_length_exceeded"
    elif failure.kind == "rate_limit_error":
        code = "rate_limit_exceeded"
    elif failure.kind == "billing_error":
        code = "insufficient_quota"
    elif failure.kind == "invalid_request_error":
        code = "invalid_prompt"
    else:
        code = "server_error"
    return {"code": code, "message": failure.message}


def _error_in(said: Any) -> Any:
    fields = dict_of(said)
    return fields.get("error") or said


def _message_in(fields: dict[str, Any]) -> str:
    for name in ("message", "detail", "error_description", "msg"):
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value
        if value:
            return orjson.dumps(value).decode()[:_EXCERPT]
    return ""


def _plain_text(body: bytes) -> str:
    text = body[: 4 * _EXCERPT].decode(errors="replace").strip()
    # A page of a proxy in between says nothing to a program, and much that is not for the caller.
    return "" if text.startswith("<") else text[:_EXCERPT]


def _silence(status: int) -> str:
    answered = f"answered {status}" if status else "ended the stream"
    return f"The provider {answered} without saying why."


def _kind(status: int, said_type: str, code: str | None) -> str:
    if status in _KIND_BY_STATUS:
        return _KIND_BY_STATUS[status]
    if status >= 500:
        return "api_error"
    for word in (code or "", said_type):
        if word in _KIND_BY_WORD:
            return _KIND_BY_WORD[word]
        if word in _OPENAI_BY_KIND:
            return word
        if word.isdigit() and int(word) in _KIND_BY_STATUS:
            return _KIND_BY_STATUS[int(word)]
    return "invalid_request_error" if status >= 400 else "api_error"
