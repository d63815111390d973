"""A library of ten thousand skills, to see how the ranking in words grows."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from apps.skills.indexed import IndexedSkill

SIZE: Final = 10_000
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def library(skills: Sequence[IndexedSkill], size: int = SIZE) -> Iterator[IndexedSkill]:
    """The labelled skills again and again, each with a product of its own and others' steps."""
    chance = random.Random(4)
    lines = [line for skill in skills for line in skill.body.splitlines() if line]
    for number in range(size):
        skill = skills[number % len(skills)]
        product = _name(chance)
        yield replace(
            skill,
            version_id=str(number),
            slug=f"{skill.slug}-{product}",
            description=f"{skill.description} For {product} only.",
            body="\n".join(chance.sample(lines, 5)),
        )


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(4))
