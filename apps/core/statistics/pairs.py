"""Whether a difference between two arms is more than chance, where every case is its own pair.

No randomness that is not seeded, so that the same numbers always say the same. The test is
Fisher's exact one for paired samples (every sign of a difference might as well have been the
other one), one-sided; the interval is the bootstrap's percentiles.
https://en.wikipedia.org/wiki/Permutation_test · https://doi.org/10.1214/aos/1176344552
"""

from collections.abc import Sequence

import numpy as np

# Up to so many pairs that differ all their signs are tried; beyond that, a sample of them.
_EXACT_PAIRS = 12
_DRAWS = 4_000
_RESAMPLES = 2_000
# Drawn at a time: what is held in memory grows with the pairs.
_AT_ONCE = 500
SIGNIFICANT = 0.05


def chance(differences: Sequence[float]) -> float:
    """How often the sum would be at least this large if every sign were a coin's."""
    moved = np.array([one for one in differences if one], dtype=np.float64)
    if not moved.size:
        return 1.0
    observed = moved.sum() - 1e-9
    if moved.size <= _EXACT_PAIRS:
        rows = np.arange(2**moved.size)[:, np.newaxis]
        signs = 1 - 2 * (rows >> np.arange(moved.size) & 1)
        return float(np.mean(signs @ moved >= observed))
    draw = _dice(moved.size)
    hits = sum(
        np.count_nonzero((1 - 2 * draw.randint(2, size=(_AT_ONCE, moved.size))) @ moved >= observed)
        for _ in range(_DRAWS // _AT_ONCE)
    )
    # What was observed is one of the possible draws.
    return (int(hits) + 1) / (_DRAWS + 1)


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Where the mean difference lies, 95 times of a hundred. At least one is needed."""
    known = np.array(differences, dtype=np.float64)
    draw = _dice(known.size)
    means = np.concatenate(
        [
            known[draw.randint(known.size, size=(_AT_ONCE, known.size))].mean(axis=1)
            for _ in range(_RESAMPLES // _AT_ONCE)
        ]
    )
    means.sort()
    return float(means[int(0.025 * _RESAMPLES)]), float(means[int(0.975 * _RESAMPLES) - 1])


def _dice(seed: int) -> np.random.RandomState:
    # The generator whose numbers are the same in every version of numpy.
    # https://numpy.org/neps/nep-0019-rng-policy.html
    return np.random.RandomState(seed)
