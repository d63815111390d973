"""What is measured: kinds of answers, numbers of clients, and how long."""

from dataclasses import dataclass

PACE_MS = 10
# An agent at work: its client names the session, and the user's message comes again with the
# result of every tool.
SESSIONS = 1_000
REPEATS = 8
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
    sessions: int = SESSIONS
    repeats: int = REPEATS
    # As large as what OpenClaw sends: most of it is the system prompt.
    is_large: bool = False


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of everything a run does."""

    scenarios: tuple[Scenario, ...]
    rounds: int
    warm_up_seconds: float
    soak_seconds: float
    idle_streams: int


def full(*, rounds: int, seconds: float) -> Extent:
    levels = (1, 16, 64, 256)
    return Extent(
        scenarios=(
            _whole(levels, seconds),
            _first((64,), seconds),
            _calm((16,), seconds),
            _large((1,), seconds),
            _stream(levels, seconds),
            _paced((1, 16, 64, 128), 2.5),
        ),
        rounds=rounds,
        warm_up_seconds=3.0,
        soak_seconds=10.0,
        idle_streams=500,
    )


def quick() -> Extent:
    """The levels that aims are about, once: whether everything works, in half a minute."""
    return Extent(
        scenarios=(
            _whole((64,), 1.0),
            _first((64,), 1.0),
            _calm((16,), 1.0),
            _large((1,), 1.0),
            _stream((16,), 1.0),
            _paced((16, 128), 1.5),
        ),
        rounds=1,
        warm_up_seconds=1.0,
        soak_seconds=2.0,
        idle_streams=100,
    )


def _whole(clients: tuple[int, ...], seconds: float) -> Scenario:
    return Scenario(
        "json", "Whole answers, agents at work", is_stream=False, clients=clients, seconds=seconds
    )


def _first(clients: tuple[int, ...], seconds: float) -> Scenario:
    """The dearest requests there are: new conversations without a name, no two alike."""
    return Scenario(
        "first",
        "Whole answers, first requests of conversations without a name",
        is_stream=False,
        clients=clients,
        seconds=seconds,
        sessions=0,
    )


def _calm(clients: tuple[int, ...], seconds: float) -> Scenario:
    """A provider that takes its time: what a request waits for is the gateway, not a queue."""
    return Scenario(
        "calm",
        f"Whole answers after {PACE_MS} ms",
        is_stream=False,
        clients=clients,
        seconds=seconds,
        pace_ms=PACE_MS,
        spread_seconds=PACE_MS / 1000,
    )


def _large(clients: tuple[int, ...], seconds: float) -> Scenario:
    return Scenario(
        "large",
        "Requests of 56 KB, 45 KB of them system prompt",
        is_stream=False,
        clients=clients,
        seconds=seconds,
        is_large=True,
    )


def _stream(clients: tuple[int, ...], seconds: float) -> Scenario:
    title = f"Streams of {EVENTS} events, back to back"
    return Scenario("sse", title, is_stream=True, clients=clients, seconds=seconds)


def _paced(clients: tuple[int, ...], seconds: float) -> Scenario:
    return Scenario(
        "paced",
        f"Streams of {EVENTS} events, one every {PACE_MS} ms",
        is_stream=True,
        clients=clients,
        seconds=seconds,
        pace_ms=PACE_MS,
        spread_seconds=PACE_MS * EVENTS / 1000,
    )
