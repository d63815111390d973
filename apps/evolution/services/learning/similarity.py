"""How alike two failures are, from 0 to 1.

A failure says two things: what was asked, and what was wrong with the answer (the judge's
reason and the user's correction). What was wrong is what a pattern is about, so it weighs more.
Each of the two is compared by meaning where both failures have a vector of the same model, else
by the words they share, whatever their language.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.skills import words
from apps.trajectories.types import BriefTurn

WRONG_WEIGHT = 0.85
ASKED_WEIGHT = 1 - WRONG_WEIGHT
# Two failures of one pattern are at least so alike, by meaning and by words.
BY_MEANING = 0.6
BY_WORDS = 0.45


@dataclass(frozen=True, slots=True)
class Failure:
    """A turn as far as it is compared."""

    turn_id: UUID
    session_id: UUID
    asked: Mapping[str, float]
    wrong: Mapping[str, float]
    vector: tuple[float, ...] | None = None


def failure_of(turn: BriefTurn, vector: tuple[float, ...] | None) -> Failure:
    asked, wrong = texts_of(turn)
    return Failure(turn.turn_id, turn.session_id, _terms(asked), _terms(wrong), vector)


def texts_of(turn: BriefTurn) -> tuple[str, str]:
    """What was asked, and what was wrong with the answer."""
    wrong = f"{turn.rationale}\n{turn.follow_up}".strip()
    return turn.user_text or turn.response_text, wrong or turn.user_text


def joined(asked: Sequence[float], wrong: Sequence[float]) -> tuple[float, ...]:
    """One vector of both, whose cosine is the weighted mean of the two cosines."""
    return (
        *(math.sqrt(ASKED_WEIGHT) * x for x in _unit(asked)),
        *(math.sqrt(WRONG_WEIGHT) * x for x in _unit(wrong)),
    )


def by_words(one: Failure, other: Failure) -> float:
    shared = ASKED_WEIGHT * _cosine(one.asked, other.asked)
    return shared + WRONG_WEIGHT * _cosine(one.wrong, other.wrong)


def above(value: float, threshold: float) -> float:
    """0 at the threshold, 1 where two are the same, -1 where they share nothing.

    By meaning and by words the same number means different things; as a distance from the
    threshold they can stand beside each other.
    """
    room = 1 - threshold if value >= threshold else threshold
    return max(-1.0, (value - threshold) / room)


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]


def _terms(text: str) -> dict[str, float]:
    """The words of a text with their weights, of length 1. A word said often counts little more."""
    counts: dict[str, int] = {}
    for term in words.terms(text):
        counts[term] = counts.get(term, 0) + 1
    weights = {
        term: words.weight_of(term) * (1 + math.log(count)) for term, count in counts.items()
    }
    length = math.sqrt(sum(x * x for x in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
