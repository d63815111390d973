"""One reward from all that is said of a turn: the rule, and what must hold whatever is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.trajectories.rewards import KINDS, Opinion, Reward, reward_of


def opinions(*rows: tuple[str, float, float]) -> Reward:
    return reward_of([Opinion(*row) for row in rows])


@pytest.mark.parametrize(
    "rows, reward",
    [
        ([], Reward(None, None, "")),
        ([("judge", 1, 1)], Reward(1, 1, "judge")),
        ([("judge", 0, 1)], Reward(0, 0, "judge")),
        ([("judge", -1, 2 / 3)], Reward(-1, -0.666667, "judge")),
        # A reviewer stands above everybody.
        ([("human", 1, 1), ("explicit", -1, 0.9), ("judge", -1, 1)], Reward(1, 1, "human")),
        # Feedback stands above the judge, who has the rest.
        ([("explicit", -1, 0.9), ("judge", 1, 1)], Reward(-1, -0.8, "explicit")),
        # A rating in the middle is no outcome for either side.
        ([("explicit", 0.2, 0.9)], Reward(0, 0.18, "explicit")),
        # One weak signal is worth something, and says nothing about how it went.
        ([("implicit", -1, 0.3)], Reward(None, -0.3, "implicit")),
        ([("implicit", -1, 0.7)], Reward(-1, -0.7, "implicit")),
        # Two weak ones that agree are stronger.
        ([("implicit", -1, 0.3), ("implicit", -1, 0.4)], Reward(-1, -0.58, "implicit")),
        # Reviewers who disagree leave it in the middle.
        ([("human", 1, 1), ("human", -1, 1)], Reward(0, 0, "human")),
        # An unsure judge is not turned over by a signal.
        ([("judge", 1, 0.5), ("implicit", -1, 0.7)], Reward(0, 0.15, "judge")),
        ([("judge", -1, 0)], Reward(None, None, "")),
    ],
)
def test_the_rule(rows, reward):
    assert opinions(*rows) == reward


an_opinion = st.builds(
    Opinion,
    st.sampled_from(KINDS),
    st.floats(-1, 1, allow_nan=False),
    st.floats(0, 1, allow_nan=False),
)
some = st.lists(an_opinion, max_size=8)


@given(some.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
@settings(deadline=None)
def test_the_order_of_arrival_does_not_matter(both):
    rows, shuffled = both

    assert reward_of(rows) == reward_of(shuffled)


@given(some)
@settings(deadline=None)
def test_it_stays_within_its_bounds(rows):
    reward = reward_of(rows)

    assert reward.outcome in (None, -1, 0, 1)
    assert (reward.value is None) == (not any(row.confidence for row in rows))
    assert reward.value is None or -1 <= reward.value <= 1
    assert (reward.source == "") == (reward.value is None)


@given(some, st.sampled_from([-1, 0, 1]))
@settings(deadline=None)
def test_the_word_of_a_reviewer_is_final(rows, verdict):
    others = [row for row in rows if row.kind != "human"]

    reward = reward_of([*others, Opinion("human", verdict, 1)])

    assert reward == Reward(verdict, verdict, "human")


@given(some, an_opinion)
@settings(deadline=None)
def test_praise_of_a_new_kind_never_makes_it_worse(rows, more):
    others = [row for row in rows if row.kind != more.kind]
    praise = Opinion(more.kind, 1, more.confidence)

    before, after = reward_of(others).value, reward_of([*others, praise]).value

    assert before is None or (after is not None and after >= before - 1e-6)
