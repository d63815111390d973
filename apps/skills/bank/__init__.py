"""The built-in bank: general skills that ship with the product, one SKILL.md each."""

from functools import cache
from pathlib import Path

from apps.skills.archive import read_directory
from apps.skills.skillmd import SkillDoc

_HERE = Path(__file__).parent


@cache
def _bank() -> tuple[SkillDoc, ...]:
    docs = [doc for _, doc in read_directory(_HERE)]
    return tuple(sorted(docs, key=lambda doc: (doc.category, doc.slug)))


def load_bank() -> list[SkillDoc]:
    """Every skill of the bank, by category and slug. Read from disk once."""
    return list(_bank())
