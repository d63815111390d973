"""Advantages of groups: what an answer was worth beside the others to the same prompt."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.advantages import by_group, is_flat, weighed
from apps.training.types import Rewarded

GROUP = UUID(int=1)


def rewarded(reward: float, tokens: int = 1, group: UUID = GROUP) -> Rewarded:
    return Rewarded(uuid4(), uuid4(), group, tokens, reward)


def test_the_better_answers_push_and_the_worse_ones_pull():
    group = [rewarded(1.0), rewarded(-1.0), rewarded(-1.0), rewarded(1.0)]

    found = [one.advantage for one in weighed([group], "token")]

    # Means of 0, deviations of 1, four tokens in all.
    assert found == pytest.approx([0.25, -0.25, -0.25, 0.25])


@pytest.mark.parametrize(
    "normalisation, expected",
    [("token", [1 / 40, -1 / 40]), ("sequence", [1 / 20, -1 / 60])],
)
def test_what_a_token_counts_is_the_choice(normalisation, expected):
    group = [rewarded(1.0, tokens=10), rewarded(0.0, tokens=30)]

    found = [one.advantage for one in weighed([group], normalisation)]

    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    "rewards, flat", [([1.0], True), ([0.5, 0.5], True), ([0.5, 0.5 + 1e-9], True), ([0, 1], False)]
)
def test_a_group_that_is_worth_the_same_throughout_says_nothing(rewards, flat):
    assert is_flat([rewarded(one) for one in rewards]) is flat


def test_groups_are_kept_apart():
    other = UUID(int=2)
    found = by_group([rewarded(1.0), rewarded(0.0, group=other), rewarded(0.0)])

    assert [len(group) for group in found.values()] == [2, 1]


groups = st.lists(
    st.lists(st.tuples(st.floats(-1, 1), st.integers(1, 500)), min_size=2, max_size=8).filter(
        lambda rows: max(r for r, _ in rows) - min(r for r, _ in rows) > 1e-3
    ),
    min_size=1,
    max_size=5,
)


@given(groups, st.sampled_from(["token", "sequence"]))
def test_every_group_balances_and_keeps_the_order_of_its_rewards(rows, normalisation):
    made = [
        [rewarded(reward, tokens, UUID(int=number)) for reward, tokens in group]
        for number, group in enumerate(rows)
    ]
    answers = sum(map(len, made))
    tokens = sum(one.token_count for group in made for one in group)

    found = weighed(made, normalisation)

    for group in by_group(one.rewarded for one in found).values():
        mine = [one for one in found if one.rewarded in group]
        scale = [
            tokens if normalisation == "token" else one.rewarded.token_count * answers
            for one in mine
        ]
        plain = [one.advantage * size for one, size in zip(mine, scale, strict=True)]
        assert sum(plain) == pytest.approx(0, abs=1e-6)
        assert sum(x * x for x in plain) == pytest.approx(len(plain), rel=1e-6)
        ranked = sorted(zip((one.rewarded.reward for one in mine), plain, strict=True))
        assert all(a <= b + 1e-9 for (_, a), (_, b) in pairwise(ranked))
