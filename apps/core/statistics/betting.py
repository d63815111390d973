"""Whether one arm does better than the other, to be looked at as often as one likes.

A test by betting. Start with one coin and bet, before every pair of observations, a share of
what you have on "the treatment does better". If that is not so, the expected winnings are
nothing, and the chance of *ever* holding 1/alpha coins is at most alpha (Ville's inequality):
looking after every pair and stopping when one likes costs nothing, unlike with a p-value. Nobody
knows the best share beforehand, so the coin is spread over several. The bounds of the difference
are the values against which such a bet has not won 2/alpha coins so far.

A. Ramdas, P. Grünwald, V. Vovk, G. Shafer: Game-theoretic statistics and safe anytime-valid
inference, https://doi.org/10.1214/23-STS894 · I. Waudby-Smith, A. Ramdas: Estimating means of
bounded random variables by betting, https://doi.org/10.1093/jrsssb/qkad009
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

# Shares of what is there that are bet on every pair.
_SHARES = np.array([0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8])
# The bounds are looked for in hundredths, from -1 to 1.
_STEPS = 100
_RANGE = range(-_STEPS, _STEPS + 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the pairs so far say about treatment minus control (−1 to 1)."""

    pairs: int
    difference: float
    low: float
    high: float
    # Coins held by who bet that it does better, and by who bet that it does worse.
    for_better: float
    for_worse: float


def standing(pairs: Sequence[float], *, alpha: float) -> Standing:
    """``pairs``: treatment minus control, each from −1 to 1, in the order they came in.

    Deterministic. The bounds hold at every moment at once with probability 1 − ``alpha``.
    """
    values = np.asarray(pairs, dtype=np.float64)
    if not len(values):
        return Standing(0, 0.0, -1.0, 1.0, 1.0, 1.0)
    low, high = _bounds(values, alpha)
    return Standing(
        pairs=len(values),
        difference=float(values.mean()),
        low=low,
        high=high,
        for_better=float(best_of(values)),
        for_worse=float(best_of(-values)),
    )


def best_of(values: Values) -> float:
    """The most coins that were ever held by betting on a mean above nothing."""
    return float(np.exp(_held(values[:, None])[:, 0].max()))


def paired(treated: Sequence[float], control: Sequence[float], *, share: float) -> list[float]:
    """Observations from 0 to 1 of both arms, made into differences as they come in.

    The smaller arm gives one observation to a pair, the larger one the mean of as many as come
    in meanwhile: nothing is thrown away, and what one pair is made of says nothing about others.
    """
    each_treated = max(1, round(share / (1 - share))) if share < 1 else 1
    each_control = max(1, round((1 - share) / share))
    count = min(len(treated) // each_treated, len(control) // each_control)
    return [
        float(
            np.mean(treated[number * each_treated : (number + 1) * each_treated])
            - np.mean(control[number * each_control : (number + 1) * each_control])
        )
        for number in range(count)
    ]


def _held(gains: Values) -> Values:
    """Logarithm of the coins held after every pair, for each column of gains (−1 to 1)."""
    bets = np.log1p(_SHARES[:, None, None] * gains[None, :, :]).cumsum(axis=1)
    top = bets.max(axis=0)
    spread: Values = top + np.log(np.exp(bets - top).mean(axis=0))
    return spread


def _bounds(values: Values, alpha: float) -> tuple[float, float]:
    """The differences that no bet against them has refuted so far, to two decimals.

    The larger the difference that is bet against, the less "it is more" wins and the more "it
    is less": both ends are found by halving.
    """
    limit = np.log(2 / alpha)

    def is_refuted(step: int, sign: int) -> bool:
        against = step / _STEPS
        gains = sign * (values[:, None] - against) / (1 + abs(against))
        return bool(_held(gains).max() >= limit)

    low = bisect_left(_RANGE, x=1, key=lambda step: not is_refuted(step, 1))
    high = bisect_left(_RANGE, x=1, key=lambda step: is_refuted(step, -1))
    return (low - _STEPS) / _STEPS, (high - 1 - _STEPS) / _STEPS
