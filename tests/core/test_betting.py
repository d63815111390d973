"""The test that may be looked at all the time. Its figures come from `python -m bench.canary`."""

import numpy as np
import pytest

from apps.core.statistics.betting import best_of, paired, standing

ALPHA = 0.05


def test_nothing_is_known_without_a_pair():
    found = standing([], alpha=ALPHA)

    assert (found.low, found.high, found.for_better, found.for_worse) == (-1, 1, 1, 1)


def test_a_clear_difference_is_found_and_its_bounds_are_on_its_side():
    found = standing([0.6, 0.4, 0.5, 0.7] * 10, alpha=ALPHA)

    assert found.for_better > 1 / ALPHA > found.for_worse
    assert found.difference == pytest.approx(0.55)
    assert 0 < found.low < found.difference < found.high


def test_both_directions_are_the_same_test():
    pairs = [0.5, -0.2, 1.0, 0.0, 0.3] * 8
    one, other = standing(pairs, alpha=ALPHA), standing([-x for x in pairs], alpha=ALPHA)

    assert (one.for_better, one.for_worse) == (other.for_worse, other.for_better)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_what_was_held_once_stays_held():
    """A bet that was won is not lost by looking again later."""
    won = [0.5] * 40

    assert best_of(np.array([*won, *[-0.5] * 40])) >= best_of(np.array(won))


def test_looking_after_every_pair_deceives_no_more_often_than_said():
    chance = np.random.default_rng(7)
    runs = chance.choice([-1.0, 0.0, 1.0], size=(400, 200))

    deceived = sum(best_of(run) >= 1 / ALPHA for run in runs)

    assert deceived / len(runs) <= ALPHA


def test_the_bounds_hold_the_truth_at_every_moment():
    chance = np.random.default_rng(7)
    missed = 0
    for _ in range(100):
        pairs = chance.binomial(1, 0.7, 120) - chance.binomial(1, 0.5, 120)
        ends = [standing(list(pairs[:end]), alpha=ALPHA) for end in (10, 40, 80, 120)]
        missed += any(not found.low <= 0.2 <= found.high for found in ends)

    assert missed / 100 <= ALPHA


def test_pairs_only_ever_grow_at_their_end():
    treated, control = [1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.5, 1.0, 0.0, 0.5, 1.0, 1.0]

    early = paired(treated[:2], control[:5], share=1 / 3)
    late = paired(treated, control, share=1 / 3)

    assert early == late[: len(early)]
    assert late == [0.5, -0.75, 0.75, 0.0]


@pytest.mark.parametrize("share, count", [(0.5, 12), (0.25, 4), (0.75, 4), (0.1, 1)])
def test_the_larger_arm_gives_more_to_a_pair(share, count):
    assert len(paired([1.0] * 12, [0.0] * 12, share=share)) == count
