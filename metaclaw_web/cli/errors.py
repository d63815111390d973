"""What the command line tells a person when something is in the way."""


class CliError(Exception):
    """The command could not do its work; ``hint`` says what to try."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Refused(CliError):
    """The server understood and said no."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.status = status
        self.code = code
