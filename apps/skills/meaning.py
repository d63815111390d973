"""Which texts stand for a skill and for a request where meaning is compared, and how closely a
request resembles everyday life.

The model at hand knows English best: what a text in another language is about is said in English
words before it is turned into a vector (``glossary``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from apps.skills.glossary import english_of
from apps.skills.vector_index import Matrix, unit

# Part of the name under which vectors are kept: those of an older recipe are made anew.
RECIPE: Final = "2"
# Of a longer text the two ends: what is wanted stands there, and a vector in time is worth more
# than one of everything.
_QUERY_WHOLE = 240
_QUERY_EDGE = 100
_FOREIGN = re.compile("[^\\W\\d_a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
_CLOSEST = 3
# The cosines that everyday requests have with each other under all-MiniLM-L6-v2. A model that
# spreads its vectors otherwise is read on this scale.
_MEAN, _SPREAD = 0.0844, 0.0798


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vector of a request, and its closeness to requests that no skill is for."""

    vector: Sequence[float]
    ordinary: float
    scale: "Scale"


@dataclass(frozen=True, slots=True)
class Scale:
    """Brings the cosines of a model to those the thresholds were chosen for."""

    factor: float = 1.0
    shift: float = 0.0

    def read(self, cosines: Matrix) -> Matrix:
        found: Matrix = cosines * np.float32(self.factor) + np.float32(self.shift)
        return found


class Everyday:
    """Vectors of requests of everyday life: small talk, general knowledge, simple errands.

    What is closer to them than to a skill is no matter for a skill.
    """

    def __init__(self, vectors: Sequence[Sequence[float]]) -> None:
        self._matrix = unit(np.array(vectors, dtype=np.float32))
        among = (self._matrix @ self._matrix.T)[~np.eye(len(self._matrix), dtype=bool)]
        factor = _SPREAD / max(float(among.std()), 1e-6)
        self._scale = Scale(factor, _MEAN - float(among.mean()) * factor)

    def meaning_of(self, vector: Sequence[float]) -> Meaning | None:
        """The vector with its closeness; None for a vector of another model."""
        one = np.array(vector, dtype=np.float32)
        if one.shape[0] != self._matrix.shape[1]:
            return None
        cosines = np.sort(self._matrix @ unit(one[np.newaxis, :])[0])
        ordinary = self._scale.read(cosines[-_CLOSEST:]).mean()
        return Meaning(vector, float(ordinary), self._scale)


def ends_of(text: str) -> str:
    """The part of a request that says what is wanted."""
    if len(text) <= _QUERY_WHOLE:
        return text
    return f"{text[:_QUERY_EDGE]} {text[-_QUERY_EDGE:]}"


def query_text(text: str) -> str:
    """What to ask a vector for, so that it fits those of skills; empty where none would help.

    Of a script that the model does not know it sees little more than the script.
    """
    short = ends_of(text)
    letters = sum(map(str.isalpha, short))
    foreign = len(_FOREIGN.findall(short))
    return english_of(short) or ("" if foreign * 2 > letters else short)


def skill_texts(description: str, body: str) -> list[str]:
    """The texts whose vectors together stand for a skill."""
    texts = [description, f"{description}\n\n{body}"]
    return texts + [english for one in texts if (english := english_of(one))]


def together(vectors: Sequence[Sequence[float]]) -> list[float]:
    """One vector in the middle of several."""
    middle = unit(np.array(vectors, dtype=np.float32)).sum(axis=0, keepdims=True)
    found: list[float] = unit(middle)[0].tolist()
    return found


@lru_cache(maxsize=1)
def everyday_requests() -> tuple[str, ...]:
    """The texts that :class:`Everyday` needs the vectors of."""
    text = Path(__file__).with_name("everyday.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)
