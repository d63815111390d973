"""The verdict of one lint rule, shown to whoever reviews a skill."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from apps.core.said import say, together

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """``fail`` blocks a skill from going live; ``warn`` asks a person to look."""

    code: str
    level: Level
    message: str


def verdict(code: str, level: Level, problems: Sequence[str], fine: str) -> Check:
    """``fine`` when nothing was found, else the problems as one sentence each, the first five."""
    if not problems:
        return Check(code, "ok", say(f"check_{code}", fine))
    shown = list(dict.fromkeys(problems))
    more = say("and_more", "And {count} more.", count=len(shown) - 5) if len(shown) > 5 else ""
    return Check(code, level, together(*shown[:5], more))
