from uuid import UUID


class Refusal(Exception):
    """The gateway answers by itself instead of asking the upstream."""

    def __init__(
        self, status: int, code: str, message: str, headers: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


class KeyRefused(Refusal):
    """A key that is not good, of a workspace that its id names.

    The caller is told what every wrong key is told. The workspace gets to see why.
    """

    def __init__(self, told: Refusal, tenant_id: UUID, key_id: UUID, why: str) -> None:
        super().__init__(told.status, told.code, told.message, told.headers)
        self.tenant_id = tenant_id
        self.key_id = key_id
        self.why = why
