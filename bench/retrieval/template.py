"""Choosing by template: key words name a category, and the category's skills go in.

This is how the reference chooses: the words of a task decide which of a few categories it belongs
to; the skills of that category are used in the order in which they are stored, then general ones.
"""

import re
from collections.abc import Sequence
from typing import Final

from apps.skills.indexed import IndexedSkill

# The first category with a key word in the text wins.
KEY_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "coding": (
        "code", "function", "bug", "debug", "implement", "python", "javascript", "react", "api",
        "sql", "git", "commit", "refactor", "class", "test", "compile", "script", "endpoint",
    ),
    "data_analysis": (
        "data", "dataset", "csv", "chart", "plot", "statistic", "average", "dashboard", "metric",
        "forecast", "spreadsheet", "excel", "analysis", "analyse", "analyze", "report",
    ),
    "security": (
        "security", "password", "secret", "token", "credential", "vulnerability", "phishing",
        "encrypt", "certificate", "access", "privacy", "gdpr",
    ),
    "automation": (
        "deploy", "deployment", "docker", "kubernetes", "k8s", "pipeline", "terraform", "cron",
        "automate", "workflow", "backup", "server", "release", "ci",
    ),
    "communication": (
        "email", "mail", "write", "draft", "message", "reply", "letter", "customer", "announce",
        "announcement", "post", "article", "tone", "slides", "presentation",
    ),
    "research": (
        "research", "paper", "survey", "study", "literature", "sources", "contract", "proposal",
        "compare", "abstract",
    ),
    "productivity": (
        "plan", "schedule", "meeting", "calendar", "task", "todo", "agenda", "book", "organize",
        "organise", "holiday", "vacation", "travel", "trip",
    ),
}  # fmt: skip
GENERAL: Final = "general"
_WORD = re.compile(r"\w+")


def choose(skills: Sequence[IndexedSkill], text: str, *, limit: int) -> list[str]:
    """Slugs of the skills of the text's category, then of the general ones, up to ``limit``."""
    said = _WORD.findall(text.casefold())
    category = next((name for name, keys in KEY_WORDS.items() if _names(said, keys)), GENERAL)
    own = [skill.slug for skill in skills if skill.category == category]
    general = [skill.slug for skill in skills if skill.category == GENERAL != category]
    return [*own, *general][:limit]


def _names(said: Sequence[str], keys: tuple[str, ...]) -> bool:
    return any(word.startswith(keys) for word in said)
