"""How far a judge and people say the same of the same turns.

Turns are picked with different shares (services.annotation.sampling): each pair has a weight, so
that the numbers are those of all judged turns, not of those that were picked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

VALUES = (-1, 0, 1)
# Two-sided, 95 of 100.
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Pair:
    """What both said of one turn, and for how many turns it stands."""

    judge: int
    human: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """``raw``: the share on which both agree. ``kappa``: how much of what chance leaves over; None
    where chance leaves nothing, as when both always say the same one thing."""

    n: int
    raw: Estimate | None
    kappa: Estimate | None
    # Pairs, not weighted: a row for each value of the judge, a column for each of people.
    counts: list[list[int]]


def agreement_of(pairs: Sequence[Pair]) -> Agreement:
    """Raw agreement with Wilson's interval, Cohen's kappa with its large-sample one."""
    counts = [
        [sum(p.judge == judge and p.human == human for p in pairs) for human in VALUES]
        for judge in VALUES
    ]
    if not pairs:
        return Agreement(0, None, None, counts)
    total = fsum(pair.weight for pair in pairs)
    # As many pairs of equal weight would say as much (Kish).
    size = total**2 / fsum(pair.weight**2 for pair in pairs)
    shares = [
        [
            fsum(p.weight for p in pairs if (p.judge, p.human) == (judge, human)) / total
            for human in VALUES
        ]
        for judge in VALUES
    ]
    raw = fsum(shares[i][i] for i in range(len(VALUES)))
    return Agreement(len(pairs), _wilson(raw, size), _kappa(shares, size), counts)


def _wilson(share: float, size: float) -> Estimate:
    widen = 1 + _Z**2 / size
    middle = (share + _Z**2 / (2 * size)) / widen
    spread = max(0.0, share * (1 - share)) / size + _Z**2 / (4 * size**2)
    half = _Z * sqrt(spread) / widen
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def _kappa(shares: list[list[float]], size: float) -> Estimate | None:
    """Fleiss, Cohen and Everitt 1969, equation 13."""
    ways = range(len(shares))
    judge = [fsum(shares[i]) for i in ways]
    human = [fsum(shares[i][j] for i in ways) for j in ways]
    both = fsum(shares[i][i] for i in ways)
    chance = fsum(judge[i] * human[i] for i in ways)
    if chance > 1 - 1e-9:
        return None
    kappa = (both - chance) / (1 - chance)
    agreed = fsum(shares[i][i] * (1 - (judge[i] + human[i]) * (1 - kappa)) ** 2 for i in ways)
    differed = (1 - kappa) ** 2 * fsum(
        shares[i][j] * (human[i] + judge[j]) ** 2 for i in ways for j in ways if i != j
    )
    spread = agreed + differed - (kappa - chance * (1 - kappa)) ** 2
    half = _Z * sqrt(max(0.0, spread) / size) / (1 - chance)
    return Estimate(kappa, max(-1.0, kappa - half), min(1.0, kappa + half))
