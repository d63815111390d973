"""How far judge and people agree: the numbers, and what the weights are for."""

from random import Random

import pytest

from apps.evolution.agreement import Pair, agreement_of


def pairs(table, weight=1.0):
    """Pairs by a table: rows the judge's -1, 0, 1, columns people's."""
    return [
        Pair(judge - 1, human - 1, weight)
        for judge, row in enumerate(table)
        for human, count in enumerate(row)
        for _ in range(count)
    ]


def test_nothing_to_compare_says_nothing():
    found = agreement_of([])

    assert (found.n, found.raw, found.kappa) == (0, None, None)
    assert found.counts == [[0, 0, 0]] * 3


def test_the_textbook_table():
    """Twenty and fifteen agreed of fifty: 0.7 by count, 0.4 beyond chance, ± 0.25."""
    found = agreement_of(pairs([[20, 0, 5], [0, 0, 0], [10, 0, 15]]))

    assert found.n == 50
    assert found.counts == [[20, 0, 5], [0, 0, 0], [10, 0, 15]]
    assert found.raw.value == pytest.approx(0.7)
    assert (found.raw.low, found.raw.high) == pytest.approx((0.5625, 0.8090), abs=1e-4)
    assert found.kappa.value == pytest.approx(0.4)
    assert found.kappa.low == pytest.approx(0.4 - 1.96 * 0.1271, abs=2e-3)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Draws from a known table; 95 of 100 intervals should hold its kappa."""
    table, random = [[20, 5, 5], [5, 10, 5], [5, 5, 40]], Random(7)
    everything = pairs(table)
    truth = agreement_of(everything)
    drawn = [agreement_of(random.choices(everything, k=150)) for _ in range(200)]

    held = sum(one.kappa.low <= truth.kappa.value <= one.kappa.high for one in drawn)
    held_raw = sum(one.raw.low <= truth.raw.value <= one.raw.high for one in drawn)

    assert 180 <= held <= 199
    assert 180 <= held_raw <= 199


def test_always_the_same_word_is_agreement_but_none_beyond_chance():
    found = agreement_of(pairs([[0, 0, 0], [0, 0, 0], [0, 0, 12]]))

    assert found.raw.value == 1
    assert found.raw.low < 1
    assert found.kappa is None


def test_disagreement_in_everything_is_less_than_chance():
    found = agreement_of(pairs([[0, 0, 10], [0, 0, 0], [10, 0, 0]]))

    assert found.raw.value == 0
    assert found.kappa.value == -1


def test_weights_undo_what_was_picked_more_often():
    """Of 900 passed turns one in nine is looked at, of 100 failed ones each."""
    all_of_them = pairs([[40, 0, 60], [0, 0, 0], [0, 0, 900]])
    picked = pairs([[40, 0, 60], [0, 0, 0], [0, 0, 0]])
    picked += pairs([[0, 0, 0], [0, 0, 0], [0, 0, 100]], weight=9)

    whole, part, naive = (
        agreement_of(all_of_them),
        agreement_of(picked),
        agreement_of([Pair(p.judge, p.human) for p in picked]),
    )

    assert part.raw.value == pytest.approx(whole.raw.value)
    assert part.kappa.value == pytest.approx(whole.kappa.value)
    assert naive.raw.value == pytest.approx(0.7)
    assert part.raw.high - part.raw.low > whole.raw.high - whole.raw.low


def test_equal_weights_change_nothing():
    table = [[20, 1, 5], [2, 3, 4], [10, 0, 15]]

    one, ten = agreement_of(pairs(table)), agreement_of(pairs(table, 10.0))

    assert ten.kappa.value == pytest.approx(one.kappa.value)
    assert (ten.raw.low, ten.raw.high) == pytest.approx((one.raw.low, one.raw.high))
