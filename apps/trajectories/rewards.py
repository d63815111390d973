"""One reward for a turn, from all that people, judges and its own course say of it.

The rule is written down in docs/mechanisms/scores.md; this is its only implementation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, prod

# Whoever stands further left is asked first, and the others about what is left in doubt.
KINDS = ("human", "checker", "explicit", "judge", "implicit")
# Of what is known at least this much, or nothing is said about how the turn went.
ENOUGH = 0.5
# -1 … 1 in three equal parts: failed, neutral, passed.
_THIRD = 1 / 3


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one score says: ``value`` from -1 to 1, and how far it is to be believed, 0 to 1."""

    kind: str
    value: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Reward:
    """``outcome`` is None where too little is known; ``value`` is None where nothing is."""

    outcome: int | None = None
    value: float | None = None
    # The kind of score that decided most of it.
    source: str = ""


def reward_of(opinions: Iterable[Opinion]) -> Reward:
    """The effective reward of a turn. In which order the opinions came does not matter."""
    by_kind: dict[str, list[tuple[float, float]]] = {}
    for one in opinions:
        if one.confidence > 0:
            by_kind.setdefault(one.kind, []).append((one.value, one.confidence))
    if not by_kind:
        return Reward()
    doubt, parts = 1.0, []
    for kind in KINDS:
        if kind in by_kind:
            value, confidence = _joined(by_kind[kind])
            parts.append((doubt * confidence, value, kind))
            doubt *= 1 - confidence
    known = fsum(share for share, _, _ in parts)
    total = fsum(share * value for share, value, _ in parts)
    # Of equal shares the one that was asked first.
    source = max(parts, key=lambda part: part[0])[2]
    return Reward(_outcome(total, known), round(total, 6), source)


def _joined(opinions: list[tuple[float, float]]) -> tuple[float, float]:
    """Several of a kind: the mean by confidence; each leaves less doubt, whatever it says."""
    ordered = sorted(opinions)
    weight = fsum(confidence for _, confidence in ordered)
    value = fsum(value * confidence for value, confidence in ordered) / weight
    return value, 1 - prod(1 - confidence for _, confidence in ordered)


def _outcome(total: float, known: float) -> int | None:
    if round(known, 9) < ENOUGH:
        return None
    mean = round(total / known, 9)
    return (mean > _THIRD) - (mean < -_THIRD)
