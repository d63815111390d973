"""Why there is no answer: told to the gateway as a status, a sentence, and whether another
provider may try."""

from typing import Any

from apps.integrations.tinker.errors import Reason, TrainerFailed

# Statuses as the gateway understands them. 5xx is about the whole connection: after several in
# a row the gateway leaves it alone for a while. What is wrong with one request or with one
# checkpoint must not do that to the others.
_STATUS: dict[Reason, int] = {
    "unreachable": 503,
    "timeout": 504,
    "key_missing": 401,
    "key_refused": 401,
    "billing": 503,
    "busy": 429,
    "unknown_model": 404,
    "gone": 404,
    "refused": 400,
    "failed": 502,
}
_TYPES = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error"}


class Refused(Exception):
    """No answer. ``cannot``: in a word, why this policy has none where another model might."""

    def __init__(self, status: int, message: str, code: str, *, cannot: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.cannot = cannot

    def body(self) -> dict[str, Any]:
        kind = _TYPES.get(self.status, "server_error")
        error = {"message": self.message, "type": kind, "param": None, "code": self.code}
        return {"error": error}


def invalid(field: str, problem: str) -> Refused:
    """The caller's mistake: nobody else would answer that either."""
    return Refused(400, f"'{field}' {problem}.", "invalid_request")


def beyond(field: str, problem: str) -> Refused:
    """A request that is in order, and asks for something that a sampler does not have."""
    return Refused(400, f"'{field}' {problem}.", "policy_cannot", cannot="unsupported")


def too_long(tokens: int, context: int) -> Refused:
    return Refused(
        400,
        f"The conversation has {tokens} tokens; this model's context is {context}.",
        "context_length_exceeded",
        cannot="context",
    )


def refused(failure: TrainerFailed) -> Refused:
    code = f"policy_{failure.reason}"
    return Refused(_STATUS[failure.reason], failure.detail, code, cannot=failure.reason)
