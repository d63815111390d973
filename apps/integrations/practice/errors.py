"""A refusal, before a dialect gives it its shape."""


class Refusal(Exception):
    """The request is answered with an error status."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.headers = headers


def bad_request(message: str, param: str | None = None) -> Refusal:
    return Refusal(400, message, param=param)
