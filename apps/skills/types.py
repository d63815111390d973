"""What other apps get to see of skills."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


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
