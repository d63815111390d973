"""When a difference is more than chance."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.evolution.services.replay.statistics import SIGNIFICANT, compare

VOTES = st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0])
PAIRS = st.lists(st.tuples(VOTES, VOTES), min_size=1, max_size=40)


@pytest.mark.parametrize(
    "pairs, helps, harms",
    [
        ([(-1.0, 1.0)] * 5, 1 / 32, 1.0),
        ([(-1.0, 1.0)] * 4, 1 / 16, 1.0),
        ([(1.0, -1.0)] * 5, 1.0, 1 / 32),
        ([(1.0, 1.0)] * 20, 1.0, 1.0),
        ([(-1.0, 1.0), (1.0, -1.0)], 3 / 4, 3 / 4),
    ],
)
def test_the_exact_chance_of_small_groups(pairs, helps, harms):
    found = compare(pairs)

    assert found is not None
    assert (found.p_helps, found.p_harms) == pytest.approx((helps, harms))


def test_no_turn_says_nothing():
    assert compare([]) is None


@settings(deadline=None, max_examples=40)
@given(PAIRS)
def test_what_is_counted_is_what_was_voted(pairs):
    found = compare(pairs)

    assert found is not None
    assert found.wins + found.ties + found.losses == found.pairs == len(pairs)
    assert found.lift == pytest.approx(found.with_skill - found.without)
    differences = [after - before for before, after in pairs]
    assert min(differences) - 1e-9 <= found.low <= found.high <= max(differences) + 1e-9
    assert 0 < found.p_helps <= 1
    assert 0 < found.p_harms <= 1
    assert compare(pairs) == found


@settings(deadline=None, max_examples=40)
@given(PAIRS)
def test_exchanging_the_arms_exchanges_help_and_harm(pairs):
    one, other = compare(pairs), compare([(after, before) for before, after in pairs])

    assert one is not None
    assert other is not None
    assert (one.p_helps, one.wins) == pytest.approx((other.p_harms, other.losses), abs=0.03)
    assert one.lift == pytest.approx(-other.lift)


def test_chance_alone_is_rarely_taken_for_help():
    chance = random.Random(1)
    votes = (-1.0, 0.0, 1.0)
    wrong = 0
    for _ in range(400):
        pairs = [(chance.choice(votes), chance.choice(votes)) for _ in range(12)]
        found = compare(pairs)
        wrong += found is not None and found.p_helps < SIGNIFICANT

    assert wrong / 400 < 0.08


def test_real_help_is_found():
    chance = random.Random(2)
    found = 0
    for _ in range(100):
        pairs = [(-1.0, 1.0 if chance.random() < 0.7 else -1.0) for _ in range(12)]
        one = compare(pairs)
        found += one is not None and one.p_helps < SIGNIFICANT

    assert found >= 90
