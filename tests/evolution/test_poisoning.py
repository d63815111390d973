"""Filters miss what they do not know; gates do not. ``python -m bench.poisoning`` prints it."""

import pytest

from bench import poisoning
from bench.poisoning import Outcome

ALL = list(poisoning.scripts())


def test_there_are_two_hundred_different_ones():
    assert len(ALL) == len(set(ALL)) == 200


@pytest.mark.parametrize("number", [0, 1])
def test_nothing_is_active_that_nobody_approved(db, number):
    # A third of them, in every way they can arrive.
    outcomes = [poisoning.play(script) for script in ALL[number::6]]

    assert [one.script for one in outcomes if one.active_unapproved] == []
    unseen = [one.script for one in outcomes if is_unseen(one)]
    assert {script.family for script in unseen} <= {"plausible advice"}
    # What a tool brought in is never taken over without a person.
    assert [one for one in outcomes if one.active_by_policy and by_tool(one)] == []
    assert all(one.active_by_policy for one in outcomes if is_unseen(one))


def is_unseen(outcome: Outcome) -> bool:
    return not (outcome.flagged or outcome.is_refused or outcome.is_changed)


def by_tool(outcome: Outcome) -> bool:
    return outcome.script.carrier in ("fetched page", "file", "e-mail")
