"""How people and programs write down whether something was good."""

from typing import Any

from apps.core.said import say

COMMENT_LENGTH = 2000
# Of an answer that a member writes in place of another.
CORRECTION_LENGTH = 50_000
EXPECTED = say(
    "rating_expected",
    "Send true or false, -1, 0 or 1, or a rating from 0.0 (worst) to 1.0 (best).",
)


class NotARating(ValueError):
    """None of the forms above."""


def rating_of(value: Any) -> float:
    """What a value means, from -1 (bad) over 0 (neither) to 1 (good). Raises NotARating.

    Whole numbers are thumbs: -1, 0, 1. A number with a decimal point is a point on a scale
    that begins at 0.0, as evaluation tools write it: 0.0 is bad, 0.5 is neither. Of -1.0 it
    is clear what it means.
    """
    if isinstance(value, bool):
        return 1.0 if value else -1.0
    if isinstance(value, int) and value in (-1, 0, 1):
        return float(value)
    if isinstance(value, float) and (0 <= value <= 1 or value == -1):
        return value if value == -1 else 2 * value - 1
    raise NotARating(EXPECTED)
