"""What a house rule is. The catalogue itself is in the sibling modules."""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SkillText:
    """The skill that teaches a rule, as the simulated evolver writes it."""

    title: str
    description: str
    category: str
    steps: tuple[str, ...]
    avoid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HouseRule:
    """One habit that the imaginary company asks of every answer of a kind.

    ``marker`` is the distinctive wording: the practice model keeps the rule exactly when this
    phrase is in its instructions. ``[[ticket]]`` in an answer becomes the ticket of the request.
    """

    slug: str
    statement: str
    marker: str
    trigger: str
    broken: tuple[str, ...]
    kept: tuple[str, ...]
    is_kept: Callable[[str], bool]
    failure: str
    success: str
    skill: SkillText

    def applies_to(self, user_text: str) -> bool:
        return re.search(self.trigger, user_text, re.IGNORECASE | re.DOTALL) is not None

    def is_stated_in(self, instructions: str) -> bool:
        return _flat(self.marker) in _flat(instructions)

    def answer(self, user_text: str, instructions: str) -> str:
        """What the practice model says: it only knows the rules it was told."""
        variants = self.kept if self.is_stated_in(instructions) else self.broken
        chosen = variants[zlib.crc32(user_text.encode(errors="replace")) % len(variants)]
        return chosen.replace("[[ticket]]", _ticket_in(user_text))


def _flat(text: str) -> str:
    # Markdown emphasis and line breaks must not hide a rule that a person reformatted.
    return " ".join(re.sub(r"[*_`]", "", text).casefold().split())


def _ticket_in(text: str) -> str:
    found = re.search(r"\b[A-Z]{2,10}-\d+\b", text)
    return found.group() if found else "HELP-1000"
