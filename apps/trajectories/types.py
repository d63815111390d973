"""What other apps get to see of turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from apps.trajectories.exact.cutting import CutBody

# Steps of a request that every turn on record has behind it.
REACHED_BY_ALL: Final = frozenset({"authenticated", "skills"})


@dataclass(frozen=True, slots=True)
class UsedSkill:
    version_id: UUID
    slug: str
    version: int
    score: float
    # What it added to the prompt; 0 where that was not written down.
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class SampledAnswer:
    """An answer in the tokens of the policy that gave it, as its sampler said."""

    prompt_tokens: Sequence[int]
    tokens: Sequence[int]
    # Of each token, natural.
    logprobs: Sequence[float]
    temperature: float
    stop_reason: str
    base_model: str
    # The path of its weights; empty for the base model.
    checkpoint: str
    # Of the library whose skills are in the prompt.
    generation: int


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A finished turn as the recorder hands it over. ``id`` makes storing it repeatable."""

    id: UUID
    tenant_id: UUID
    session_id: UUID
    session_source: str
    external_session_id: str
    is_session_done: bool
    kind: str
    status: str
    http_status: int
    dialect: str
    is_stream: bool
    is_simulated: bool
    # Its provider is paid by nobody.
    is_free: bool
    agent: str
    # None: nobody's key asked.
    key_id: UUID | None
    key_name: str
    upstream: str
    model: str
    served_model: str
    started_at: datetime
    finished_at: datetime
    timings: Mapping[str, int]
    first_byte_ms: int | None
    latency_ms: int
    input_tokens: int | None
    output_tokens: int | None
    # Parts of the input.
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    # The provider did not say how many: counted from the text.
    usage_is_estimated: bool
    # The conversation without the instructions at its start.
    messages: list[Any]
    # The request, byte for byte.
    body: CutBody
    # Hash of the conversation up to message i+1, for every i.
    prefix_hashes: list[bytes]
    end_hash: bytes | None
    response: Any
    finish_reason: str
    error: Mapping[str, str] | None
    injection: Mapping[str, Any]
    skills: list[UsedSkill] = field(default_factory=list)
    preview: str = ""
    user_text: str = ""
    response_text: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    # Who was asked on the way, where that is not just the upstream in its own dialect.
    routing: Mapping[str, Any] = field(default_factory=dict)
    # Not stored with the turn: what becomes of it is another app's.
    sampled: SampledAnswer | None = None
    # Nobody's request: played to train a policy.
    is_rollout: bool = False
    # Whether a judge is to look at it; not where it is known already what it was worth.
    wants_judge: bool = True


@dataclass(frozen=True, slots=True)
class JudgeInput:
    """What a judge reads of a turn."""

    turn_id: UUID
    at: datetime
    system: str
    user: str
    response: str
    follow_up: str | None
    skills: list[UsedSkill]


@dataclass(frozen=True, slots=True)
class ReplayableTurn:
    """A judged turn that might be asked again."""

    turn_id: UUID
    user_text: str


@dataclass(frozen=True, slots=True)
class ReplayTurn:
    """A turn as it takes to ask it again."""

    turn_id: UUID
    session_id: UUID
    dialect: str
    model: str
    agent: str
    body: bytes
    system: Any
    user_text: str
    follow_up: str | None
    skills: list[UsedSkill]


@dataclass(frozen=True, slots=True)
class Vote:
    value: int | None
    rationale: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of several votes."""

    value: int
    rationale: str
    votes: list[Vote]
    judge_model: str
    prompt_version: str
    is_simulated: bool
    saw_follow_up: bool
    input_tokens: int
    output_tokens: int
    # USD / 10⁶ for all votes; None where the price of the model is not known.
    cost_micros: int | None = None


@dataclass(frozen=True, slots=True)
class GivenScore:
    """Something that is said of a turn; said again by the same ``author_id`` it replaces it."""

    turn_id: UUID
    kind: str
    # From -1 to 1; how far it is to be believed, from 0 to 1.
    value: float
    confidence: float
    # When it was said: what was said last counts, whenever it arrives.
    at: datetime
    source: str = ""
    author: str = ""
    author_id: str = ""
    comment: str = ""
    rationale: str = ""
    # What its author would have answered instead.
    correction: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class RatedTurn:
    """A turn about which something new was said: how it went, before and now."""

    turn_id: UUID
    at: datetime
    before: int | None
    after: int | None
    # What was in its prompt; empty unless the outcome changed.
    version_ids: tuple[UUID, ...] = ()
    # Played to train a policy: nothing follows for skills.
    is_rollout: bool = False


@dataclass(frozen=True, slots=True)
class TakenScores:
    rated: list[RatedTurn]
    # Of turns that are not recorded, or no longer.
    unknown: list[GivenScore]


@dataclass(frozen=True, slots=True)
class EvidenceTurn:
    """A turn as the evolver and the reviewers read it."""

    turn_id: UUID
    session_id: UUID
    at: datetime
    score: int | None
    user_text: str
    response_text: str
    follow_up: str | None
    rationales: list[str]
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SkillReach:
    """The turns that a skill went into, counted."""

    turns: int
    sessions: int
    first_at: datetime | None
    last_at: datetime | None
    agents: list[str]
    versions: list[int]


@dataclass(frozen=True, slots=True)
class BriefTurn:
    """A turn in a few words: enough to see what it is like."""

    turn_id: UUID
    session_id: UUID
    at: datetime
    score: int | None
    user_text: str
    response_text: str
    # What the user said next, and why a judge scored as it did; empty where there is nothing.
    follow_up: str
    rationale: str
