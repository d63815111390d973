"""The searches that are timed, each as a page of the console asks for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from time import perf_counter
from uuid import UUID

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.trajectories.api.output import TurnOutput
from apps.trajectories.api.search import FindingOutput
from apps.trajectories.selectors import TurnFilters, searching, turn_list
from apps.trajectories.services import turns_search
from apps.trajectories.services.indexing import fitted, vector_model
from bench.search.texts import Texts

PAGE = 50


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of one kind of search; ``found`` is how many turns there were on average."""

    name: str
    count: int
    p50: float
    p95: float
    worst: float
    found: float


def timed(name: str, ask: Callable[[str], int], queries: list[str]) -> Timed:
    for query in queries[:5]:
        ask(query)
    times, found = [], 0
    for query in queries:
        begun = perf_counter()
        found += ask(query)
        times.append((perf_counter() - begun) * 1000)
    times.sort()
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))]  # noqa: E731
    return Timed(name, len(times), at(0.5), at(0.95), times[-1], found / len(times))


def kinds(tenant_id: UUID, texts: Texts, count: int) -> Iterator[Timed]:
    """Each kind of search, timed from the filters to the answer's data."""
    random = Random(3)
    common, middle, rare = texts.words[:20], texts.words[200:2_000], texts.words[5_000:]
    sentences = random.choices(texts.requests, k=count)
    pairs = [f"{random.choice(middle)} {random.choice(common)}" for _ in range(count)]
    narrow = {"agent": "scribe", "outcome": "failed", "since": now() - timedelta(days=10)}
    wanted: list[tuple[str, str, list[str], dict[str, object]]] = [
        ("words: a rare one", "text", random.choices(rare, k=count), {}),
        ("words: a common one", "text", random.choices(common, k=count), {}),
        ("words: two", "text", pairs, {}),
        ("words: two, with filters", "text", pairs, narrow),
        ("meaning", "meaning", sentences, {}),
        ("meaning, with filters", "meaning", sentences, narrow),
        ("both: a sentence", "both", sentences, {}),
        ("both: two words", "both", pairs, {}),
        ("both: two words, with filters", "both", pairs, narrow),
    ]
    for name, mode, queries, filters in wanted:
        base = TurnFilters(**filters)  # type: ignore[arg-type]
        yield timed(name, _searcher(tenant_id, base, mode), queries)
    yield timed("list by words, newest first", _lister(tenant_id), pairs)


def recall(tenant_id: UUID, queries: list[tuple[float, ...]]) -> float:
    """The share of the ten closest turns that the index finds too."""
    exact_up_to, right = searching.EXACT_UP_TO, 0
    for vector in queries:
        found = []
        for limit in (0, 1 << 40):
            searching.EXACT_UP_TO = limit  # type: ignore[misc]
            with tenant_tx(tenant_id):
                near = searching.turns_near(
                    tenant_id=tenant_id,
                    vector=fitted(vector),
                    model=vector_model(),
                    filters=TurnFilters(),
                    limit=10,
                )
            found.append({turn_id for turn_id, _ in near})
        right += len(found[0] & found[1])
    searching.EXACT_UP_TO = exact_up_to  # type: ignore[misc]
    return right / (10 * len(queries))


def _searcher(tenant_id: UUID, base: TurnFilters, mode: str) -> Callable[[str], int]:
    def ask(query: str) -> int:
        filters = replace(base, q=query)
        finding = turns_search(tenant_id=tenant_id, filters=filters, mode=mode, limit=PAGE)
        if finding.mode != mode:
            raise RuntimeError(f"Not searched by {mode}: {finding.note}")
        return len(FindingOutput(finding).data["results"])

    return ask


def _lister(tenant_id: UUID) -> Callable[[str], int]:
    def ask(query: str) -> int:
        with tenant_tx(tenant_id):
            turns = turn_list(tenant_id=tenant_id, filters=TurnFilters(q=query))
            return len(TurnOutput(turns.order_by("-id")[:PAGE], many=True).data)

    return ask
