"""What a group of turns says of a skill: every turn is its own pair, the mean vote with the
skill against the mean vote without it (apps.core.statistics.pairs)."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from apps.core.statistics.pairs import SIGNIFICANT, chance, interval

__all__ = ["SIGNIFICANT", "Comparison", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a group of turns says. ``lift`` and its 95 % interval are in votes (−1 to 1)."""

    pairs: int
    wins: int
    ties: int
    losses: int
    without: float
    with_skill: float
    lift: float
    low: float
    high: float
    # How likely chance alone would help, or harm, at least as much.
    p_helps: float
    p_harms: float


def compare(pairs: Sequence[tuple[float, float]]) -> Comparison | None:
    """Mean votes without and with the skill, by turn; None without any turn."""
    if not pairs:
        return None
    differences = [after - before for before, after in pairs]
    low, high = interval(differences)
    return Comparison(
        pairs=len(pairs),
        wins=sum(one > 0 for one in differences),
        ties=sum(one == 0 for one in differences),
        losses=sum(one < 0 for one in differences),
        without=fmean(before for before, _ in pairs),
        with_skill=fmean(after for _, after in pairs),
        lift=fmean(differences),
        low=low,
        high=high,
        p_helps=chance(differences),
        p_harms=chance([-one for one in differences]),
    )
