import pytest

from bench import figures
from tests.bench.builders import make_round


def test_the_median_is_taken_of_each_figure_on_its_own():
    rounds = [
        make_round(per_second=100.0, p50=3.0),
        make_round(per_second=300.0, p50=1.0),
        make_round(per_second=200.0, p50=9.0),
    ]

    found = figures.median_round(rounds)

    assert (found.per_second, found.p50) == (200.0, 3.0)


def test_requests_and_errors_of_all_rounds_count():
    rounds = [make_round(requests=10, errors=0), make_round(requests=5, errors=2, problem="502")]

    found = figures.median_round(rounds)

    assert (found.requests, found.errors, found.problem) == (15, 2, "502")


def test_added_is_the_difference_to_the_provider_alone():
    direct = make_round(per_second=8000.0, p50=1.0, p99=5.0, first_byte_p50=0.5)
    through = make_round(per_second=2000.0, p50=4.5, p99=7.0, first_byte_p50=1.25)

    found = figures.added(direct, through)

    assert (found.p50, found.p99, found.first_byte_p50) == (3.5, 2.0, 0.75)
    assert found.ratio == 0.25


def test_a_provider_that_answered_nothing_gives_no_ratio():
    assert figures.added(make_round(per_second=0.0), make_round()).ratio == 0.0


@pytest.mark.parametrize(
    "points, expected",
    [
        ([(0, 100.0), (1000, 102.0), (2000, 104.0)], 0.002),
        ([(0, 100.0), (1000, 100.0)], 0.0),
        ([(0, 100.0)], 0.0),
        ([(5, 100.0), (5, 101.0)], 0.0),
    ],
)
def test_the_slope_is_that_of_the_line_through_the_points(points, expected):
    assert figures.slope(points) == pytest.approx(expected)
