"""What makes turns findable: their terms, and the vectors of what users said.

Both are made behind the recorder, which leaves one job for all turns of a minute.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.conf import settings

from apps.core.bulk import rows_insert, run_with_json
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.integrations.embeddings.client import Vector, embed, is_configured
from apps.jobs.handlers import JobRun
from apps.jobs.services import JobWanted, job_enqueue, jobs_enqueue
from apps.trajectories.models import Turn, TurnText, TurnVector
from apps.trajectories.models.search import DIMENSIONS
from apps.trajectories.months import minute_bounds
from apps.trajectories.search_terms import tsvector_of
from apps.trajectories.selectors import searching

INDEX_KIND: Final = "trajectories.index"
MEANING_KIND: Final = "trajectories.meaning"
# Turns of a batch, and batches of a job: another job goes on, so that none lasts for hours.
_TURNS, _TEXTS, _BATCHES = 200, 32, 40
# Soon: by then it is the turns of a second, not of a batch.
_SOON, _LATE, _BEHIND = timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=20)
_LAST_ID = UUID(int=(1 << 128) - 1)
_FIRST_ID = UUID(int=0)
# Of a longer text the two ends: what is wanted stands there.
_SAID_START, _SAID_END = 700, 300

_SET_VECTORS = """
UPDATE trajectories_turnvector v SET vector = made.vector, model = made.model
FROM json_to_recordset(%s::json) made (tenant_id uuid, turn_id uuid, model text,
  vector halfvec(384))
WHERE v.tenant_id = made.tenant_id AND v.turn_id = made.turn_id
"""


def index_ask(*, tenant_id: UUID, turn_ids: Iterable[UUID], ended_at: datetime) -> None:
    """Have these turns made findable. For the transaction that stores them.

    ``ended_at`` is when the last of them was over. Where that is a while ago, the recorder works
    off what has piled up, and is given time for it: to be on record comes before to be found.
    """
    minutes = {minute_bounds(turn_id) for turn_id in turn_ids}
    at = now()
    at += _BEHIND if at - ended_at > _LATE else _SOON
    wanted = [
        JobWanted(payload={"low": str(low), "high": str(high)}, dedupe_key=str(low), run_after=at)
        for low, high in minutes
    ]
    jobs_enqueue(tenant_id=tenant_id, kind=INDEX_KIND, wanted=wanted)


def texts_index(*, run: JobRun) -> None:
    """Give every turn of a span its terms, newest first; later, if the recorder is behind."""
    low, high = UUID(run.payload["low"]), UUID(run.payload["high"])
    with tenant_tx(run.tenant_id):
        if searching.is_catching_up(tenant_id=run.tenant_id, late=_LATE):
            _index_span(run.tenant_id, low, high, run_after=now() + _BEHIND)
            return
    has_words = False
    for _ in range(_BATCHES):
        with tenant_tx(run.tenant_id):
            turns = searching.texts_missing(
                tenant_id=run.tenant_id, low=low, high=high, limit=_TURNS
            )
        if not turns:
            break
        texts, vectors = _text_rows(run.tenant_id, turns), _vector_rows(run.tenant_id, turns)
        with run.effect():
            # Another worker may have done the same; the terms are no different.
            rows_insert(TurnText, texts, skip_existing=True)
            rows_insert(TurnVector, vectors, skip_existing=True)
        has_words = has_words or bool(vectors)
        high = turns[-1].id
    else:
        _index_span(run.tenant_id, low, high)
    if has_words and is_configured():
        _ask_for_vectors(run.tenant_id)


def turn_vectors_make(*, run: JobRun) -> None:
    """Give turns that wait for their vector one, some at a time.

    Makes network calls: no transaction may be open. Raises UpstreamFailed.
    """
    model = vector_model()
    for _ in range(_BATCHES):
        with tenant_tx(run.tenant_id):
            due = searching.vectors_due(tenant_id=run.tenant_id, model=model, limit=_TEXTS)
        if not due:
            return
        # What is asked again and again is asked of the model once.
        texts = list(dict.fromkeys(said_ends(text) for _, text in due))
        vectors = dict(zip(texts, embed(texts), strict=True))
        rows = [
            {
                "tenant_id": run.tenant_id,
                "turn_id": turn_id,
                "model": model,
                "vector": str(list(fitted(vectors[said_ends(text)]))),
            }
            for turn_id, text in due
        ]
        with run.effect():
            run_with_json(_SET_VECTORS, rows)
    _ask_for_vectors(run.tenant_id)


def search_sweep() -> None:
    """Ask for what is missing: turns older than the search, vectors of another model."""
    for tenant_id in searching.tenant_ids():
        with tenant_tx(tenant_id):
            if searching.has_backlog(tenant_id=tenant_id):
                _index_span(tenant_id, _FIRST_ID, _LAST_ID)
            if is_configured() and searching.vectors_due(
                tenant_id=tenant_id, model=vector_model(), limit=1
            ):
                _ask_for_vectors(tenant_id)


def vector_model() -> str:
    return str(settings.METACLAW_EMBEDDINGS_MODEL)


def said_ends(text: str) -> str:
    """The part of a text that stands for its meaning."""
    if len(text) <= _SAID_START + _SAID_END:
        return text
    return f"{text[:_SAID_START]} {text[-_SAID_END:]}"


def fitted(vector: Vector) -> Sequence[float]:
    """The vector at the size of the column, at length one.

    Shorter ones are filled up with zeros, which leaves every cosine what it was. Longer ones
    are projected at random, always in the same way, which keeps cosines to about 0.05.
    """
    values = np.asarray(vector, dtype=np.float64)
    if len(values) > DIMENSIONS:
        values = _projection(len(values)) @ values
    values = values / max(float(np.linalg.norm(values)), 1e-12)
    found: list[float] = np.pad(values, (0, DIMENSIONS - len(values))).round(6).tolist()
    return found


def _projection(size: int) -> Any:
    # RandomState: its numbers stay the same in every version of numpy.
    return np.random.RandomState(size).standard_normal((DIMENSIONS, size))


def _text_rows(tenant_id: UUID, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    return [
        _row(tenant_id, turn)
        | {"terms": tsvector_of(tenant_id, turn.user_text, turn.response_text, turn.preview)}
        for turn in turns
    ]


def _vector_rows(tenant_id: UUID, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Of main turns in which something was said: a tool loop repeats nothing."""
    return [
        _row(tenant_id, turn) | {"model": ""}
        for turn in turns
        if turn.kind == Turn.Kind.MAIN and turn.user_text.strip()
    ]


def _row(tenant_id: UUID, turn: Turn) -> dict[str, Any]:
    return {"id": uuid7(), "tenant_id": tenant_id, "created_at": now(), "turn_id": turn.id}


def _index_span(
    tenant_id: UUID, low: UUID, high: UUID, *, run_after: datetime | None = None
) -> None:
    job_enqueue(
        tenant_id=tenant_id,
        kind=INDEX_KIND,
        payload={"low": str(low), "high": str(high)},
        queue="slow",
        run_after=run_after,
        dedupe_key=str(low),
    )


def _ask_for_vectors(tenant_id: UUID) -> None:
    job_enqueue(tenant_id=tenant_id, kind=MEANING_KIND, payload={}, queue="slow", dedupe_key="all")
