import pytest

from apps.core.rating import NotARating, rating_of


@pytest.mark.parametrize(
    "given, meant",
    [
        (True, 1),
        (False, -1),
        (1, 1),
        (0, 0),
        (-1, -1),
        # With a decimal point: a scale that begins at 0.
        (1.0, 1),
        (0.75, 0.5),
        (0.5, 0),
        (0.0, -1),
        (-1.0, -1),
    ],
)
def test_what_a_rating_means(given, meant):
    assert rating_of(given) == meant


@pytest.mark.parametrize(
    "given", [None, "1", "good", 2, -2, 5, 1.01, -0.5, float("nan"), float("inf"), [], {}, 10**30]
)
def test_anything_else_is_none(given):
    with pytest.raises(NotARating):
        rating_of(given)
