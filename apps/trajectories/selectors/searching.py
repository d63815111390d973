"""Finding turns by their words and by what they mean.

Row level security keeps an index on terms from being used: it lets no condition decide before
the wall but those Postgres calls leakproof, and ``@@`` is none. So candidates are looked up in
:func:`directory`, which reads and is asked for ids of one workspace only; what is shown of them
is read through the wall, where another workspace's id is no row.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from pgvector import HalfVector
from pgvector.django import CosineDistance

from apps.core.clock import now
from apps.core.tenancy import directory
from apps.tenants.models import Tenant
from apps.trajectories.models import Turn, TurnText, TurnVector
from apps.trajectories.months import first_id
from apps.trajectories.search_terms import Search, search_of
from apps.trajectories.selectors.filters import TurnFilters, turns_filtered

# Of a search that matches more only the newest are listed.
LISTED: Final = 2_000
# Up to here every vector of a workspace is compared; HNSW is for more.
EXACT_UP_TO: Final = 20_000
# The newest turns that the index may not have yet.
_TAIL = 500
# How often a search is met is guessed from so many of the newest turns.
_LOOKED_AT = 200
# Newest first, about so many are gone through at most until enough are found; the index is asked
# where it would take more.
_WALKED = 2_000
# Filters that fewer meet are asked for all their turns, instead of turn by turn.
_FEW = 0.01
_LEAST_COSINE = 0.2
_EF_SEARCH = 100


def turns_with_words(
    *, tenant_id: UUID, search: Search, filters: TurnFilters, limit: int
) -> list[UUID]:
    """The newest turns in which every word stands, newest first."""
    if search.is_empty:
        return []
    with directory():
        found = _matching(tenant_id, search, filters, limit)
    found = [*_unindexed(tenant_id, search, filters), *found]
    if search.phrases:
        found = _saying(tenant_id, found, search.phrases)
    return sorted(found, reverse=True)[:limit]


def turns_found(*, tenant_id: UUID, filters: TurnFilters) -> QuerySet[Turn]:
    """Turns that meet every filter, ``q`` too: words, or the id of a turn."""
    turns = turns_filtered(tenant_id=tenant_id, filters=filters)
    if not filters.q:
        return turns
    ids = turns_with_words(
        tenant_id=tenant_id,
        search=search_of(tenant_id, filters.q),
        filters=filters,
        limit=LISTED,
    )
    with suppress(ValueError):
        ids.append(UUID(filters.q))
    return turns.filter(id__in=ids)


def turns_near(
    *, tenant_id: UUID, vector: Sequence[float], model: str, filters: TurnFilters, limit: int
) -> list[tuple[UUID, float]]:
    """Turns in which a user said something of this meaning, with the cosine; closest first."""
    near = turns_filtered(tenant_id=tenant_id, filters=filters).filter(
        vectors__tenant_id=tenant_id, vectors__model=model
    )
    distance = CosineDistance("vectors__vector", HalfVector(list(vector)))
    if _is_small(tenant_id, model):
        # A sum is not what the index is sorted by: all are compared.
        near = near.annotate(distance=distance + Value(0.0))
    else:
        _scan_on()
        near = near.annotate(distance=distance)
    rows = near.order_by("distance").values_list("id", "distance")[:limit]
    return [(turn_id, 1 - far) for turn_id, far in rows if 1 - far >= _LEAST_COSINE]


def texts_missing(*, tenant_id: UUID, low: UUID, high: UUID, limit: int) -> list[Turn]:
    """Turns with ids from ``low`` on and below ``high`` that no search finds yet, newest first."""
    turns = Turn.objects.for_tenant(tenant_id).filter(id__gte=low, id__lt=high, texts__isnull=True)
    fields = ("id", "kind", "user_text", "response_text", "preview")
    return list(turns.only(*fields).order_by("-id")[:limit])


def is_catching_up(*, tenant_id: UUID, late: timedelta) -> bool:
    """Whether the recorder, at this moment, stores turns that were over a while ago."""
    turns = Turn.objects.for_tenant(tenant_id).order_by("-id")
    newest = turns.values_list("recorded_at", "finished_at").first()
    if newest is None:
        return False
    recorded_at, finished_at = newest
    return recorded_at - finished_at > late and now() - recorded_at < late


def has_backlog(*, tenant_id: UUID) -> bool:
    """Whether there are turns from before there was a search: those go from new to old."""
    oldest = Turn.objects.for_tenant(tenant_id).order_by("id").values_list("id", flat=True).first()
    texts = TurnText.objects.for_tenant(tenant_id)
    return oldest is not None and not texts.filter(turn_id=oldest).exists()


def vectors_due(*, tenant_id: UUID, model: str, limit: int) -> list[tuple[UUID, str]]:
    """Turns without a vector of the present model, with what their user said."""
    # Not "another than": that would go through all of them.
    due = TurnVector.objects.for_tenant(tenant_id).filter(Q(model__lt=model) | Q(model__gt=model))
    return list(due.values_list("turn_id", "turn__user_text")[:limit])


def tenant_ids() -> list[UUID]:
    with directory():
        return list(Tenant.objects.values_list("id", flat=True))


# {met}: the turn of ``one``, if it meets the filters.
_SHARES = """
SELECT coalesce(avg(is_met::int), 0)::float,
  coalesce(avg((is_met AND terms @@ %s::tsquery)::int), 0)::float
FROM (
  SELECT terms, EXISTS ({met}) AS is_met
  FROM (
    SELECT turn_id, terms FROM trajectories_turntext WHERE tenant_id = %s
    ORDER BY turn_id DESC LIMIT %s
  ) one
) newest
"""
_WALK = """
SELECT found.id
FROM (
  SELECT turn_id FROM trajectories_turntext
  WHERE tenant_id = %s AND terms @@ %s::tsquery ORDER BY turn_id DESC
) one
CROSS JOIN LATERAL ({met} OFFSET 0) found
LIMIT %s
"""
# IS TRUE: of what follows from the terms' index, and not by another index, which would read the
# terms themselves.
_HITS = """
SELECT turn_id FROM trajectories_turntext
WHERE terms @@ %s::tsquery AND (tenant_id = %s AND turn_id BETWEEN %s AND %s) IS TRUE
"""
_LOOK_UP = """
SELECT found.id
FROM ({hits} ORDER BY turn_id DESC) one
CROSS JOIN LATERAL ({met} OFFSET 0) found
LIMIT %s
"""
_JOIN = """
SELECT found.id FROM ({hits} OFFSET 0) one JOIN ({met}) found ON found.id = one.turn_id
ORDER BY found.id DESC LIMIT %s
"""


def _matching(tenant_id: UUID, search: Search, filters: TurnFilters, limit: int) -> list[UUID]:
    """The newest turns of the index that meet a search.

    Which way to go is decided here: Postgres has no idea how many turns hold a term of which
    only the beginning is given, nor what it takes to read terms, and takes seconds where it
    guesses badly.
    """
    turns = turns_filtered(tenant_id=tenant_id, filters=filters)
    one, its_params = _sql(turns.filter(id=RawSQL("one.turn_id", [])))
    sample = [search.tsquery, *its_params, tenant_id, _LOOKED_AT]
    ((meeting, holding_too),) = _rows(_SHARES.format(met=one), sample)
    if holding_too * _WALKED >= limit:
        params = [tenant_id, search.tsquery, *its_params, limit]
        found = _rows(_WALK.format(met=one), params, without=("seqscan", "bitmapscan"))
    else:
        hits = [search.tsquery, tenant_id, *_span(filters)]
        if meeting >= _FEW:
            sql, params = _LOOK_UP.format(hits=_HITS, met=one), [*hits, *its_params, limit]
            found = _rows(sql, params, without=("seqscan",))
        else:
            met, met_params = _sql(turns)
            sql, params = _JOIN.format(hits=_HITS, met=met), [*hits, *met_params, limit]
            found = _rows(sql, params, without=("seqscan", "nestloop"))
    return [turn_id for (turn_id,) in found]


def _span(filters: TurnFilters) -> tuple[UUID, UUID]:
    """The ids between which the turns of the filters' span of time are."""
    return (
        first_id(filters.since) if filters.since else UUID(int=0),
        first_id(filters.until) if filters.until else UUID(int=(1 << 128) - 1),
    )


def _sql(turns: QuerySet[Turn]) -> tuple[str, tuple[Any, ...]]:
    return turns.values("id").order_by().query.sql_with_params()


def _rows(sql: str, params: Sequence[Any], *, without: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """What a query answers; ``without`` names the ways of reading that the planner may not take."""
    with connection.cursor() as cursor:
        for name in without:
            cursor.execute(f"SET LOCAL enable_{name} = off")
        cursor.execute(sql, params)
        rows = cursor.fetchall()
        for name in without:
            cursor.execute(f"SET LOCAL enable_{name} = on")
        return list(rows)


def _unindexed(tenant_id: UUID, search: Search, filters: TurnFilters) -> list[UUID]:
    """Those among the newest turns that are not in the index yet, looked at one by one."""
    newest = Turn.objects.for_tenant(tenant_id).order_by("-id").values("id")[:_TAIL]
    # Which these are is asked first: mostly none, and then no text is read.
    fresh = Turn.objects.for_tenant(tenant_id).filter(id__in=newest, texts__isnull=True)
    ids = list(fresh.values_list("id", flat=True))
    if not ids:
        return []
    turns = turns_filtered(tenant_id=tenant_id, filters=filters).filter(id__in=ids)
    said = Q()
    for word in search.words:
        said &= _says(word)
    return list(turns.filter(said).values_list("id", flat=True))


def _saying(tenant_id: UUID, ids: list[UUID], phrases: Sequence[str]) -> list[UUID]:
    turns = Turn.objects.for_tenant(tenant_id).filter(id__in=ids)
    for phrase in phrases:
        turns = turns.filter(_says(phrase))
    return list(turns.values_list("id", flat=True))


def _says(text: str) -> Q:
    # The preview: turns of a tool loop do not repeat the words that it is about.
    return (
        Q(user_text__icontains=text) | Q(response_text__icontains=text) | Q(preview__icontains=text)
    )


def _is_small(tenant_id: UUID, model: str) -> bool:
    mine = TurnVector.objects.for_tenant(tenant_id).filter(model=model)
    return mine[: EXACT_UP_TO + 1].count() <= EXACT_UP_TO


def _scan_on() -> None:
    """An index of all workspaces: go on until enough of this one are found."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = strict_order")
        cursor.execute(f"SET LOCAL hnsw.ef_search = {_EF_SEARCH}")
