from dataclasses import dataclass, field

from apps.skills.checks import Level


@dataclass(frozen=True, slots=True)
class Similar:
    """A live skill that a text is close to: 0 to 1, by ``words`` or by ``meaning``."""

    slug: str
    version: int
    closeness: float
    by: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's verdict and what it is about. Like ``skills.checks.Check``, ``fail`` blocks."""

    code: str
    level: Level
    message: str
    turn_ids: list[str] = field(default_factory=list)
    similar: list[Similar] = field(default_factory=list)
    # Of the model that said so, where one did.
    model: str = ""
    prompt_version: str = ""
