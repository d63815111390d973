"""The built-in bank: general skills that ship with the product, as a pack like any other."""

from functools import cache
from pathlib import Path

from apps.skills.packs import Pack, read_pack_directory
from apps.skills.skillmd import SkillDoc

HERE = Path(__file__).parent


@cache
def bank_pack() -> Pack:
    """The bank, verified against its manifest. Read from disk once."""
    return read_pack_directory(HERE)


def load_bank() -> list[SkillDoc]:
    """Every skill of the bank, by category and slug."""
    return sorted(bank_pack().docs, key=lambda doc: (doc.category, doc.slug))
