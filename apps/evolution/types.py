"""What other apps hand over."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seen:
    """A turn to which the skill on trial fitted: its session counts for the canary."""

    canary_id: UUID
    session_id: UUID
    arm: str
    turn_id: UUID
