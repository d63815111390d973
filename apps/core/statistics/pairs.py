"""Whether a difference between two arms is more than chance, where every case is its own pair.

No randomness that is not seeded, so that the same numbers always say the same. The test is
Fisher's exact one for paired samples (every sign of a difference might as well have been the
other one), one-sided; the interval is the bootstrap's percentiles.
https://en.wikipedia.org/wiki/Permutation_test · https://doi.org/10.1214/aos/1176344552
"""

import random
from collections.abc import Sequence
from itertools import product
from statistics import fmean

# Up to so many pairs that differ all their signs are tried; beyond that, a sample of them.
_EXACT_PAIRS = 12
_DRAWS = 4_000
_RESAMPLES = 2_000
SIGNIFICANT = 0.05


def chance(differences: Sequence[float]) -> float:
    """How often the sum would be at least this large if every sign were a coin's."""
    moved = [one for one in differences if one]
    if not moved:
        return 1.0
    observed = sum(moved) - 1e-9
    if len(moved) <= _EXACT_PAIRS:
        signs = product((1, -1), repeat=len(moved))
        sums = [sum(s * one for s, one in zip(row, moved, strict=True)) for row in signs]
        return sum(one >= observed for one in sums) / len(sums)
    draw = random.Random(len(moved))  # noqa: S311  # statistics, not a secret
    hits = sum(
        sum(one if draw.random() < 0.5 else -one for one in moved) >= observed
        for _ in range(_DRAWS)
    )
    # What was observed is one of the possible draws.
    return (hits + 1) / (_DRAWS + 1)


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Where the mean difference lies, 95 times of a hundred. At least one is needed."""
    draw = random.Random(len(differences))  # noqa: S311  # statistics, not a secret
    size = len(differences)
    means = sorted(fmean(draw.choices(differences, k=size)) for _ in range(_RESAMPLES))
    return means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES) - 1]
