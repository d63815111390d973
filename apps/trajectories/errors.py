from apps.core.errors import DomainError, NotFound, UpstreamFailed
from apps.core.said import say


class TurnNotFound(NotFound):
    code = "turn_not_found"


class SessionNotFound(NotFound):
    code = "session_not_found"


class RequestDamaged(DomainError):
    """A request that cannot be built as it was: a part of it is gone or changed."""

    code = "request_damaged"
    http_status = 500

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            say("request_damaged", "The request cannot be put together as it was sent."),
            reason=reason,
        )


class NoVote(UpstreamFailed):
    """A judge answered, and not with a vote that could be understood."""
