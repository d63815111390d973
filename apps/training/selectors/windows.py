"""Whether training may go on now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Verdict:
    """``code`` in a word and ``sentence`` for people: why training may go on, or may not."""

    is_open: bool
    code: str
    sentence: str
    window_id: UUID | None = None
    closes_at: datetime | None = None
    next_opens_at: datetime | None = None


def verdict(*, tenant_id: UUID, at: datetime) -> Verdict:
    return Verdict(
        is_open=False,
        code="no_rules",
        sentence="No windows are set: training waits until somebody starts it by hand.",
    )
