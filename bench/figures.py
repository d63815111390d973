"""Arithmetic on rounds: medians, and the distance between two targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import Round


def median_round(rounds: Sequence[Round]) -> Round:
    """The median of every figure on its own; requests and errors are summed."""

    def of(name: str) -> float:
        return float(median(getattr(one, name) for one in rounds))

    return Round(
        requests=sum(one.requests for one in rounds),
        errors=sum(one.errors for one in rounds),
        per_second=of("per_second"),
        p50=of("p50"),
        p99=of("p99"),
        first_byte_p50=of("first_byte_p50"),
        first_byte_p99=of("first_byte_p99"),
        cpu_us=of("cpu_us"),
        problem=next((one.problem for one in rounds if one.problem), ""),
    )


@dataclass(frozen=True, slots=True)
class Added:
    """What a target costs on top of the provider alone. Times in milliseconds."""

    p50: float
    p99: float
    first_byte_p50: float
    first_byte_p99: float
    # Requests per second as a share of those of the provider alone.
    ratio: float


def added(direct: Round, through: Round) -> Added:
    return Added(
        p50=through.p50 - direct.p50,
        p99=through.p99 - direct.p99,
        first_byte_p50=through.first_byte_p50 - direct.first_byte_p50,
        first_byte_p99=through.first_byte_p99 - direct.first_byte_p99,
        ratio=through.per_second / direct.per_second if direct.per_second else 0.0,
    )


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the straight line that fits the points best; 0 for fewer than two."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if not spread:
        return 0.0
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
