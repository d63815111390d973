"""Whether a difference between two arms is more than chance. Pure functions; no randomness that
is not seeded, so that the same votes always say the same.

Every turn is its own pair: the mean vote with the skill minus the mean vote without it. The test
is Fisher's exact one for paired samples (every sign of a difference might as well have been the
other one), one-sided; the interval is the bootstrap's percentiles.
https://en.wikipedia.org/wiki/Permutation_test · https://doi.org/10.1214/aos/1176344552
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

# Up to so many pairs that differ all their signs are tried; beyond that, a sample of them.
_EXACT_PAIRS = 12
_DRAWS = 4_000
_RESAMPLES = 2_000
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a group of turns says. ``lift`` and its 95 % interval are in votes (−1 to 1)."""

    pairs: int
    wins: int
    ties: int
    losses: int
    without: float
    with_skill: float
    lift: float
    low: float
    high: float
    # How likely chance alone would help, or harm, at least as much.
    p_helps: float
    p_harms: float


def compare(pairs: Sequence[tuple[float, float]]) -> Comparison | None:
    """Mean votes without and with the skill, by turn; None without any turn."""
    if not pairs:
        return None
    differences = [after - before for before, after in pairs]
    low, high = _interval(differences)
    return Comparison(
        pairs=len(pairs),
        wins=sum(one > 0 for one in differences),
        ties=sum(one == 0 for one in differences),
        losses=sum(one < 0 for one in differences),
        without=fmean(before for before, _ in pairs),
        with_skill=fmean(after for _, after in pairs),
        lift=fmean(differences),
        low=low,
        high=high,
        p_helps=_chance(differences),
        p_harms=_chance([-one for one in differences]),
    )


def _chance(differences: Sequence[float]) -> float:
    """How often the sum would be at least this large if every sign were a coin's."""
    moved = [one for one in differences if one]
    if not moved:
        return 1.0
    observed = sum(moved) - 1e-9
    if len(moved) <= _EXACT_PAIRS:
        signs = product((1, -1), repeat=len(moved))
        sums = [sum(s * one for s, one in zip(row, moved, strict=True)) for row in signs]
        return sum(one >= observed for one in sums) / len(sums)
    chance = random.Random(len(moved))  # noqa: S311  # statistics, not a secret
    hits = sum(
        sum(one if chance.random() < 0.5 else -one for one in moved) >= observed
        for _ in range(_DRAWS)
    )
    # What was observed is one of the possible draws.
    return (hits + 1) / (_DRAWS + 1)


def _interval(differences: Sequence[float]) -> tuple[float, float]:
    chance = random.Random(len(differences))  # noqa: S311  # statistics, not a secret
    size = len(differences)
    means = sorted(fmean(chance.choices(differences, k=size)) for _ in range(_RESAMPLES))
    return means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES) - 1]
