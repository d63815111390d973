"""What other apps get to see of skills."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final
from uuid import UUID

OTHER_AGENT: Final = "other_agent"
OTHER_TAG: Final = "other_tag"
# Withheld from the control sessions of a trial, and from those that get the version on trial.
CONTROL: Final = "control"
ON_TRIAL: Final = "on_trial"


@dataclass(frozen=True, slots=True)
class LiveSkill:
    """A skill as prompts carry it."""

    version_id: UUID
    slug: str
    version: int
    description: str
    body: str
    category: str
    reach: str
    tokens: int
    learned: bool
    # For these agents, and turns with these tags; empty: for all.
    agents: frozenset[str] = frozenset()
    scope_tags: Mapping[str, str] = field(default_factory=dict)
    # The skills whose texts follow its own; then ``body`` has them in it, and this is its own.
    uses: tuple[str, ...] = ()
    own_body: str = ""
    # What those are, by name, in the order in which they follow.
    references: tuple[tuple[str, str], ...] = ()

    @property
    def is_scoped(self) -> bool:
        return bool(self.agents or self.scope_tags)

    def barred(self, agent: str, tags: Mapping[str, str]) -> str:
        """Why it is not for a turn, as the turn's record says it; empty if it is."""
        if self.agents and agent not in self.agents:
            return OTHER_AGENT
        if any(tags.get(name) != value for name, value in self.scope_tags.items()):
            return OTHER_TAG
        return ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A version that only a share of the sessions gets."""

    id: UUID
    share: float
    skill: LiveSkill
    # The live version that those sessions do not get.
    instead_of: UUID | None

    def treats(self, session_id: UUID) -> bool:
        """Whether a session gets the version on trial: always the same answer."""
        drawn = blake2b(session_id.bytes, key=self.id.bytes, digest_size=8).digest()
        return int.from_bytes(drawn) < self.share * 2**64


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that may be injected for a tenant at one generation."""

    generation: int
    skills: tuple[LiveSkill, ...]
    # Vectors by version, when an embedding endpoint is configured.
    vectors: Mapping[UUID, tuple[float, ...]]
    trials: tuple[Trial, ...] = ()
    # How versions do beside the others, where that is not neutral.
    factors: Mapping[UUID, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SkillCount:
    """What turns did with a version, to be added to what is known of their hour."""

    slug: str
    version: int
    hour: datetime
    considered: int = 0
    uses: int = 0
    tokens: int = 0
    nanos: int = 0
    unpriced: int = 0
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How turns went that carried a version, where that is known."""

    passed: int = 0
    failed: int = 0

    @property
    def known(self) -> int:
        return self.passed + self.failed


@dataclass(frozen=True, slots=True)
class VersionValue:
    """What a version did so far: a line of the ledger."""

    considered: int = 0
    uses: int = 0
    passed: int = 0
    failed: int = 0
    tokens: int = 0
    # USD / 10⁹, of the uses whose model has a known price; and how many have none.
    nanos: int = 0
    unpriced: int = 0
    last_used_at: datetime | None = None
    # The latest hour of which it is known how a turn with it went.
    scored_at: datetime | None = None
    # What retrieval multiplies its relevance by.
    factor: float = 1.0
    # Uses by day, the oldest first.
    daily: tuple[int, ...] = ()

    @property
    def micros(self) -> int:
        return round(self.nanos / 1_000)


@dataclass(frozen=True, slots=True)
class LiveValue:
    """A live version with what it did so far."""

    version_id: UUID
    slug: str
    version: int
    text: str
    sha256: str
    reach: str
    is_bank: bool
    is_on_trial: bool
    # Since then nothing about the skill changed.
    since: datetime
    value: VersionValue


@dataclass(frozen=True, slots=True)
class SkillText:
    """One text of a skill; the live one where nothing else is said."""

    skill_id: UUID
    version_id: UUID
    slug: str
    version: int
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Reference:
    """That one skill uses another; ``trouble`` says why nothing of it goes into a prompt."""

    slug: str
    uses: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class LinkedSkill:
    """A skill that uses others or is used by one."""

    slug: str
    # live, retired or missing.
    status: str
    version: int | None
    reach: str
    # Of its own text, and of that with what it brings.
    tokens: int
    tokens_together: int


@dataclass(frozen=True, slots=True)
class Composition:
    """Which live skills use which. ``alone``: how many live skills have nothing to do with it."""

    skills: list[LinkedSkill]
    references: list[Reference]
    alone: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    created: list[str]
    revised: list[str]
    unchanged: list[str]


@dataclass(frozen=True, slots=True)
class StartedTrial:
    version_id: UUID
    version: int
    # What is live for the others, by number.
    instead_of: int | None


@dataclass(frozen=True, slots=True)
class LibraryRestored:
    """The generation that came of it, and the live versions before and after by slug."""

    generation: int
    moves: Mapping[str, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class PackRemoved:
    """What went with a pack, and what stayed because somebody changed it or needs it."""

    retired: list[str]
    kept: list[str]


@dataclass(frozen=True, slots=True)
class TriedSkill:
    """A skill that came into question for a message, and what would become of it."""

    version_id: UUID
    slug: str
    version: int
    description: str
    reach: str
    tokens: int
    # Relevance times factor: what it is ranked by.
    score: float
    relevance: float
    factor: float
    verdict: str
    is_house_rule: bool
    # Of those that go in: the ones that use it, and the ones whose texts it brings with it.
    used_by: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TriedTrial:
    """A trial under way, and where the session that is imagined stands in it."""

    slug: str
    version: int
    share: float
    instead_of: int | None
    is_treated: bool
    # Whether the message makes the session count for it.
    counts: bool


@dataclass(frozen=True, slots=True)
class Tryout:
    """What the first message of a session would get from the library as it is now."""

    generation: int
    # What was searched for: the message without what clients put around it.
    query: str
    mode: str
    # False: in this mode of work nothing goes into prompts, and the rest is what would.
    injects: bool
    max_skills: int
    token_budget: int
    # Whether words alone decided, or meaning too; and why words alone.
    by: str
    by_words_because: str
    candidates: list[TriedSkill]
    trials: list[TriedTrial]
    block: str
    tokens: int
