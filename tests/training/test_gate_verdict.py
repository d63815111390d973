"""How often a gate is wrong, and what it says."""

import random
from dataclasses import asdict
from typing import Any

import pytest

from apps.training.degeneracy import Figures
from apps.training.models import GateCase
from apps.training.services.checkpoints.verdict import LEAST_PAIRS, finding

MARGIN = 0.2


def answer(reward: float) -> dict[str, Any]:
    return asdict(Figures("A fine answer.", reward, "", 4, 0.0, False, False, 1.0))


def case(baseline: list[float], candidate: list[float]) -> GateCase:
    return GateCase(
        status="done",
        baseline=[answer(one) for one in baseline],
        candidate=[answer(one) for one in candidate],
    )


def played(draw: random.Random, prompts: int, shift: float) -> str:
    """A gate over prompts of different difficulty; ``shift``: how much less the candidate is
    worth, in mean reward."""
    cases = []
    for _ in range(prompts):
        ease = draw.uniform(0.3, 0.9)

        def votes(chance: float) -> list[float]:
            return [1.0 if draw.random() < chance else -1.0 for _ in range(2)]

        cases.append(case(votes(ease), votes(ease + shift / 2)))
    return finding(cases, margin=MARGIN).status


def share_passed(prompts: int, shift: float, times: int = 150) -> float:
    draw = random.Random(f"{prompts} {shift}")
    return sum(played(draw, prompts, shift) == "passed" for _ in range(times)) / times


def test_one_that_is_worse_by_the_margin_seldom_passes():
    assert share_passed(24, -MARGIN) <= 0.06


def test_one_that_is_much_worse_never_passes():
    assert share_passed(24, -0.5, times=60) == 0


def test_an_equal_one_passes_as_often_as_the_documentation_says():
    assert share_passed(24, 0.0) == pytest.approx(0.28, abs=0.12)
    assert share_passed(96, 0.0, times=60) > 0.6


def test_one_that_is_better_by_as_much_passes_mostly():
    assert share_passed(24, 0.4, times=100) > 0.8


def test_a_few_prompts_say_nothing():
    found = finding([case([1], [1])] * (LEAST_PAIRS - 1), margin=MARGIN)

    assert (found.status, found.reason) == ("error", "too_few")


def test_the_same_cases_always_say_the_same():
    cases = [case([1, -1], [1, 1]) for _ in range(9)]

    assert finding(cases, margin=MARGIN) == finding(cases, margin=MARGIN)
