"""What other apps get to see of skills."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

OTHER_AGENT: Final = "other_agent"
OTHER_TAG: Final = "other_tag"


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
class Library:
    """Everything that may be injected for a tenant at one generation."""

    generation: int
    skills: tuple[LiveSkill, ...]
    # Vectors by version, when an embedding endpoint is configured.
    vectors: Mapping[UUID, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class SkillText:
    """The live text of a skill."""

    skill_id: UUID
    version_id: UUID
    slug: str
    version: int
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    created: list[str]
    revised: list[str]
    unchanged: list[str]
