"""What is measured: kinds of answers, numbers of clients, and how long."""

from dataclasses import dataclass

PACE_MS = 10
EVENTS = 50


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of answer, asked for by several numbers of clients."""

    name: str
    title: str
    is_stream: bool
    clients: tuple[int, ...]
    seconds: float
    pace_ms: int = 0
    # With the provider as the brake, clients that began together would stay together.
    spread_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of everything a run does."""

    scenarios: tuple[Scenario, ...]
    rounds: int
    warm_up_seconds: float
    soak_seconds: float


def full(rounds: int) -> Extent:
    levels = (1, 16, 64, 256)
    answer_seconds = PACE_MS * EVENTS / 1000
    return Extent(
        scenarios=(
            Scenario("json", "Whole answers of 1 KB", is_stream=False, clients=levels, seconds=2.0),
            Scenario(
                "sse",
                "Streams of 50 events, back to back",
                is_stream=True,
                clients=levels,
                seconds=2.0,
            ),
            Scenario(
                "paced",
                f"Streams of 50 events, one every {PACE_MS} ms",
                is_stream=True,
                clients=(1, 16, 64),
                seconds=2.5,
                pace_ms=PACE_MS,
                spread_seconds=answer_seconds,
            ),
        ),
        rounds=rounds,
        warm_up_seconds=3.0,
        soak_seconds=12.0,
    )


def quick() -> Extent:
    """The levels that aims are about, once: whether everything works, in half a minute."""
    answer_seconds = PACE_MS * EVENTS / 1000
    return Extent(
        scenarios=(
            Scenario("json", "Whole answers of 1 KB", is_stream=False, clients=(64,), seconds=1.0),
            Scenario(
                "sse",
                "Streams of 50 events, back to back",
                is_stream=True,
                clients=(16,),
                seconds=1.0,
            ),
            Scenario(
                "paced",
                f"Streams of 50 events, one every {PACE_MS} ms",
                is_stream=True,
                clients=(16,),
                seconds=1.5,
                pace_ms=PACE_MS,
                spread_seconds=answer_seconds,
            ),
        ),
        rounds=1,
        warm_up_seconds=1.0,
        soak_seconds=2.0,
    )
