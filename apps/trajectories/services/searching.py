"""Searching turns by words, by meaning, or by both."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from apps.core.errors import UpstreamFailed
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.embeddings.client import embed_query, is_configured
from apps.trajectories.excerpts import Part
from apps.trajectories.models import Turn
from apps.trajectories.search_terms import Search, search_of
from apps.trajectories.selectors import searching, turn_excerpt, turn_list
from apps.trajectories.selectors.filters import TurnFilters
from apps.trajectories.services.indexing import fitted, said_ends, vector_model

MODES: Final = ("text", "meaning", "both")
# How many of each way are put together at least, and how fast a place in a list loses its worth.
# https://plg.uwaterloo.ca/~gvcormac/cormacksigir09-rrf.pdf
_EACH, _RRF = 100, 60
# Questions to the embedder under way at once; each ends by its own deadline.
_VECTORS = ThreadPoolExecutor(8, thread_name_prefix="vectors")

NO_EMBEDDER = say("search_no_embedder", "Searched by words only: no embedder is set up here.")
EMBEDDER_AWAY = say("search_embedder_away", "Searched by words only: the embedder does not answer.")


@dataclass(frozen=True, slots=True)
class FoundTurn:
    """A turn with the reason why it was found."""

    turn: Turn
    found_by: list[str]
    # The cosine of what the user said; None where it was found by words alone.
    closeness: float | None
    excerpt: list[Part]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found, best first, and how it was searched in the end."""

    results: list[FoundTurn] = field(default_factory=list)
    mode: str = "text"
    # Why that is not the way that was asked for; empty where it is.
    note: str = ""


def turns_search(*, tenant_id: UUID, filters: TurnFilters, mode: str, limit: int) -> Finding:
    """The best ``limit`` turns for ``filters.q`` among those that meet the other filters.

    Makes a network call: no transaction may be open.
    """
    q, filters = filters.q, replace(filters, q="")
    search, each = search_of(tenant_id, q), max(limit, _EACH)
    # The embedder is asked while the words are looked for; no transaction waits for it.
    asked = _VECTORS.submit(_vector_of, q) if mode != "text" else None
    worded = [] if mode == "meaning" else _worded(tenant_id, search, filters, each)
    vector, note = asked.result() if asked else (None, "")
    if vector is None and mode == "meaning":
        worded = _worded(tenant_id, search, filters, each)
    mode = mode if vector or mode == "text" else "text"
    with tenant_tx(tenant_id):
        near = _near(tenant_id, vector, filters, each) if vector else {}
        best = fused([worded, list(near)])[:limit]
        turns = _turns(tenant_id, best)
    results = [
        FoundTurn(
            turn=turns[one],
            found_by=[name for name, ids in (("text", worded), ("meaning", near)) if one in ids],
            closeness=round(near[one], 3) if one in near else None,
            excerpt=turn_excerpt(turns[one], search),
        )
        for one in best
        if one in turns
    ]
    return Finding(results, mode, note)


def _worded(tenant_id: UUID, search: Search, filters: TurnFilters, limit: int) -> list[UUID]:
    with tenant_tx(tenant_id):
        return searching.turns_with_words(
            tenant_id=tenant_id, search=search, filters=filters, limit=limit
        )


def _near(
    tenant_id: UUID, vector: Sequence[float], filters: TurnFilters, limit: int
) -> dict[UUID, float]:
    near = searching.turns_near(
        tenant_id=tenant_id, vector=vector, model=vector_model(), filters=filters, limit=limit
    )
    return dict(near)


def fused(lists: Sequence[Sequence[UUID]]) -> list[UUID]:
    """One order out of several: by the sum of what each place is worth; newer ones first."""
    worth: dict[UUID, float] = {}
    for one in lists:
        for place, turn_id in enumerate(one, start=1):
            worth[turn_id] = worth.get(turn_id, 0.0) + 1 / (_RRF + place)
    return sorted(worth, key=lambda turn_id: (worth[turn_id], turn_id), reverse=True)


def _vector_of(q: str) -> tuple[Sequence[float] | None, str]:
    if not is_configured():
        return None, NO_EMBEDDER
    try:
        return fitted(embed_query(said_ends(q))), ""
    except UpstreamFailed:
        return None, EMBEDDER_AWAY


def _turns(tenant_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Turn]:
    turns = turn_list(tenant_id=tenant_id, filters=TurnFilters(attempts="all"))
    # Of what lists leave out, the texts that are quoted from.
    quoted = turns.defer(None).defer("request", "response").filter(id__in=ids)
    return {turn.id: turn for turn in quoted}
