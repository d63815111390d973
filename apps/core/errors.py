"""Every failure a caller may expect, as one tree.

    DomainError
    ├── NotFound        404  also what a stranger sees
    ├── Forbidden       403
    ├── Conflict        409
    ├── Invalid         422  may name fields
    ├── Unavailable     503  try again later
    └── UpstreamFailed  502  permanent or worth a retry

Anything else that is raised is a bug and must reach the error tracker untouched.
"""

from typing import ClassVar, Self

from apps.core.said import say


class DomainError(Exception):
    """An expected failure with a stable ``code`` (API) and a ``detail`` (for people)."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 400

    def __init__(self, detail: str, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class NotFound(DomainError):
    code = "not_found"
    http_status = 404

    def __init__(self, detail: str = say("not_found", "Not found."), **extra: object) -> None:
        super().__init__(detail, **extra)


class Forbidden(DomainError):
    code = "forbidden"
    http_status = 403


class Conflict(DomainError):
    code = "conflict"
    http_status = 409


class Invalid(DomainError):
    """Input that cannot be accepted; ``fields`` maps a field name to its complaints."""

    code = "invalid"
    http_status = 422

    def __init__(
        self, detail: str, *, fields: dict[str, list[str]] | None = None, **extra: object
    ) -> None:
        super().__init__(detail, **extra)
        self.fields = fields or {}

    @classmethod
    def of(cls, field: str, complaint: str) -> Self:
        """One complaint about one field, which says all there is to say."""
        return cls(complaint, fields={field: [complaint]})


class Unavailable(DomainError):
    code = "unavailable"
    http_status = 503


class UpstreamFailed(DomainError):
    """An outside service did not do its part. ``permanent``: trying again cannot help."""

    code = "upstream_failed"
    http_status = 502

    def __init__(self, detail: str, *, permanent: bool, **extra: object) -> None:
        super().__init__(detail, **extra)
        self.permanent = permanent
