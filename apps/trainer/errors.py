"""What can go wrong for a caller: at once (an HTTP answer) or later (a failed future)."""

from typing import Literal

Category = Literal["user", "server"]


class Refused(Exception):
    """The request is answered with ``status``. Never 5xx: the SDK would retry for a minute."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class NotFound(Refused):
    """Missing, or somebody else's: the same answer."""

    def __init__(self, what: str) -> None:
        super().__init__(404, f"{what} was not found.")


class BadRequest(Refused):
    def __init__(self, message: str) -> None:
        super().__init__(400, message)


class RequestFailed(Exception):
    """An accepted request cannot be done; its future fails with this sentence."""

    def __init__(self, message: str, category: Category = "user") -> None:
        super().__init__(message)
        self.message = message
        self.category = category
