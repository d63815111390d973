"""How a version does beside the others, as one number that retrieval multiplies by.

The share of its turns that went well is estimated with a Beta prior whose mean is the usual
share of the workspace's skills: a version without outcomes is as good as usual, and one with few
nearly so. The factor is that estimate over the usual share: above 1 it does better, below worse.
It is bounded, because how relevant a skill is must count for more than how others fared with it.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from apps.skills.types import Outcomes

# As if so many turns had gone as usual before the first one was seen.
PRIOR_TURNS: Final = 20
LEAST: Final = 0.5
MOST: Final = 1.25
# A smaller move than this is noise: what gateways know stays as it is.
STEP: Final = 0.05
# Beyond these, shares are too extreme to be held against others.
_USUAL_LEAST, _USUAL_MOST = 0.2, 0.95


def factors(outcomes: Mapping[UUID, Outcomes]) -> dict[UUID, float]:
    """By version: between ``LEAST`` and ``MOST``, and 1 where nothing is known."""
    usual = _usual(outcomes)
    return {one: _factor(known, usual) for one, known in outcomes.items()}


def is_moved(before: float, after: float) -> bool:
    """Whether the difference is worth telling the gateways."""
    return abs(after - before) >= STEP - 1e-9


def _usual(outcomes: Mapping[UUID, Outcomes]) -> float:
    passed = sum(one.passed for one in outcomes.values())
    known = sum(one.known for one in outcomes.values())
    return min(max((passed + 1) / (known + 2), _USUAL_LEAST), _USUAL_MOST)


def _factor(known: Outcomes, usual: float) -> float:
    if not known.known:
        return 1.0
    share = (known.passed + PRIOR_TURNS * usual) / (known.known + PRIOR_TURNS)
    return round(min(max(share / usual, LEAST), MOST), 3)
