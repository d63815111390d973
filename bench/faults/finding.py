"""What a row found, and how much of everything a run does."""

from dataclasses import dataclass

from bench.aims import Aim


@dataclass(frozen=True, slots=True)
class Finding:
    """The lines of one row: aims with their verdicts, and figures that explain them."""

    aims: list[Aim]
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class Extent:
    soak_minutes: float
    conversations: int
    drained_turns: int
    steady_seconds: float
    postgres_seconds: float
    redis_seconds: float
    hole_seconds: float
    kills: int
    # Of the bytes of a stream it is cut at each so-many-th one.
    cut_step: int
    # Skills that are approved and killed again.
    changes: int
    changes_without_redis: int


def full(*, minutes: float = 2.0, kills: int = 200) -> Extent:
    return Extent(
        soak_minutes=minutes,
        conversations=10,
        drained_turns=20_000,
        steady_seconds=20.0,
        postgres_seconds=30.0,
        redis_seconds=60.0,
        hole_seconds=30.0,
        kills=kills,
        cut_step=1,
        changes=50,
        changes_without_redis=20,
    )


def quick() -> Extent:
    """Whether everything works, in two minutes."""
    return Extent(
        soak_minutes=0.25,
        conversations=2,
        drained_turns=3_000,
        steady_seconds=5.0,
        postgres_seconds=5.0,
        redis_seconds=5.0,
        hole_seconds=5.0,
        kills=5,
        cut_step=97,
        changes=3,
        changes_without_redis=2,
    )


def none_of(name: str, count: int, *, of: str) -> Aim:
    """An aim that is met by a count of nothing; ``of`` says out of how many."""
    return Aim(name, "0", f"{count:,} of {of}", count == 0)
