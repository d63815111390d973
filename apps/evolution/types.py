"""What other layers and apps hand over, or get to see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.tenants.types import Actor


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, and what is known of them. The defaults are the least there is."""

    actor: Actor
    role: str = "reviewer"
    # When they last gave their password in this session; None for keys.
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approvals:
    """How far a text is on its way: approvals of exactly it, by whom, and how many are missing."""

    needed: int
    by: list[str]

    @property
    def missing(self) -> int:
        return max(0, self.needed - len(self.by))


@dataclass(frozen=True, slots=True)
class Seen:
    """A turn to which the skill on trial fitted: its session counts for the canary."""

    canary_id: UUID
    session_id: UUID
    arm: str
    turn_id: UUID
