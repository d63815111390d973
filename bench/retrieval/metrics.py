"""What a way of choosing is worth on a part of the set."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.retrieval.dataset import Dataset, Query
from bench.retrieval.modes import Choose, Mode

GROUPS = ("same", "other", "trap", "none")


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares between 0 and 1; ``groups`` are recall or nothing-fits accuracy by group."""

    recall: float
    precision: float
    nothing: float
    groups: dict[str, float]
    languages: dict[str, float]
    count: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds."""

    p50: float
    p99: float


def quality(choose: Choose, queries: Sequence[Query], dataset: Dataset) -> Quality:
    """Choose for every request and compare with its labels."""
    groups: dict[str, list[float]] = {group: [] for group in GROUPS}
    languages: dict[str, list[float]] = {}
    right = selected = 0
    for query in queries:
        chosen = set(choose(query.text))
        found = query.fits & chosen
        share = len(found) / len(query.fits) if query.fits else float(not chosen)
        groups[dataset.group_of(query)].append(share)
        if query.fits:
            languages.setdefault(query.language, []).append(share)
            right, selected = right + len(found), selected + len(chosen)
    return Quality(
        recall=_mean(groups["same"] + groups["other"]),
        precision=right / max(1, selected),
        nothing=_mean(groups["trap"] + groups["none"]),
        groups={group: _mean(shares) for group, shares in groups.items()},
        languages={name: _mean(shares) for name, shares in sorted(languages.items())},
        count=len(queries),
    )


def speed(choose: Choose, texts: Sequence[str], *, rounds: int, is_warm: bool = True) -> Speed:
    """How long one text takes, once everything is warm or the first time it is seen."""
    for text in texts if is_warm else ():
        choose(text)
    taken = []
    for _ in range(rounds):
        for text in texts:
            started = time.perf_counter()
            choose(text)
            taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return Speed(taken[len(taken) // 2], taken[int(len(taken) * 0.99)])


def vector_speed(mode: Mode, texts: Sequence[str]) -> Speed | None:
    """How long it takes to make the vector of one text; None for a mode without."""
    prepare = mode.prepare
    if prepare is None:
        return None
    return speed(lambda text: [str(prepare(text) is None)], texts, rounds=1)


def _mean(shares: Sequence[float]) -> float:
    return fmean(shares) if shares else 0.0
