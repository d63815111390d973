"""What other apps hand over of a sample, and what they get to see of batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewSample:
    """An answer of a policy in its own tokens. ``logprobs``: of each of ``tokens``, natural log."""

    turn_id: UUID
    origin: str
    group_id: UUID | None
    base_model: str
    checkpoint: str
    generation: int
    version_ids: Sequence[UUID]
    temperature: float
    stop_reason: str
    prompt_tokens: Sequence[int]
    tokens: Sequence[int]
    logprobs: Sequence[float]


@dataclass(frozen=True, slots=True)
class Rewarded:
    """A sample that may be used, and what its turn was worth, from -1 to 1."""

    sample_id: UUID
    turn_id: UUID
    group_id: UUID
    token_count: int
    # Null where only a teacher says what it was worth.
    reward: float | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sample with its advantage for each token."""

    rewarded: Rewarded
    advantage: float
    # The share of each of its tokens in the batch, by which the advantage is multiplied already.
    weight: float


@dataclass(frozen=True, slots=True)
class Played:
    """How far a rollout is. ``mean_reward`` is of the episodes that have one; those that a judge
    decides about have none yet."""

    rollout_id: UUID
    status: str
    played: int
    failed: int
    waiting: int
    tokens: int
    mean_reward: float | None

    @property
    def is_complete(self) -> bool:
        return self.waiting == 0


@dataclass(frozen=True, slots=True)
class CalendarAccess:
    """How a calendar is reached, its secrets opened. ``zone``: of events that name none."""

    kind: str
    zone: str
    url: str = ""
    user: str = ""
    password: str = ""
    refresh_token: str = ""

    def __repr__(self) -> str:
        return f"CalendarAccess({self.kind})"
