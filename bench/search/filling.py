"""Rows as the recorder and the jobs behind it leave them, written without either."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np

from apps.core.bulk import rows_insert
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.trajectories.models import Session, Turn, TurnText, TurnVector
from apps.trajectories.months import first_id
from apps.trajectories.search_terms import tsvector_of
from apps.trajectories.services.indexing import vector_model
from bench.search.texts import Texts

_BATCH = 2_000
_SESSION = 10
_DAYS = 25
AGENTS = ("coder", "scribe", "support", "analyst")


def fill(tenant_id: UUID, count: int, texts: Texts, vectors: np.ndarray | None, seed: int) -> None:
    """``count`` turns of the last weeks; half of them are a user's words, half a tool loop's.

    Without ``vectors`` (one for each of the texts' requests) they have none.
    """
    random = np.random.default_rng(seed)
    at = now() - timedelta(days=_DAYS)
    step = timedelta(days=_DAYS) / count
    made = _turns(tenant_id, count, texts, at, step)
    while batch := list(islice(made, _BATCH)):
        with tenant_tx(tenant_id):
            rows_insert(Session, _sessions(tenant_id, batch), skip_existing=True)
            rows_insert(Turn, [turn for turn, _ in batch])
            rows_insert(TurnText, [_text(turn) for turn, _ in batch])
            if vectors is None:
                continue
            said = [(turn, number) for turn, number in batch if turn["user_text"]]
            noise = random.normal(0, 0.02, (len(said), vectors.shape[1]))
            near = vectors[[number for _, number in said]] + noise
            near /= np.linalg.norm(near, axis=1, keepdims=True)
            rows_insert(
                TurnVector,
                [
                    _row(turn) | {"model": vector_model(), "vector": str(one.round(5).tolist())}
                    for (turn, _), one in zip(said, near, strict=True)
                ],
            )


def _turns(
    tenant_id: UUID, count: int, texts: Texts, at: datetime, step: timedelta
) -> Iterator[tuple[dict[str, Any], int]]:
    session = uuid7()
    for number in range(count):
        if number % _SESSION == 0:
            session = uuid7()
        about, said = texts.request()
        started = at + step * number
        bits = first_id(started).int | (uuid7().int & ((1 << 76) - 1))
        row = _blank() | {
            "id": UUID(int=bits),
            "tenant_id": tenant_id,
            "session_id": session,
            "agent": AGENTS[number // _SESSION % len(AGENTS)],
            "started_at": started,
            "finished_at": started,
            "preview": said[:200],
            "user_text": said if number % 2 == 0 else "",
            "response_text": texts.answer(),
            "score": (-1, 0, 1, 1, 1)[number % 5],
        }
        yield row, about


def _blank() -> dict[str, Any]:
    at = now()
    return {
        "created_at": at, "recorded_at": at, "kind": "main", "status": "complete",
        "http_status": 200, "dialect": "openai", "is_stream": True, "is_simulated": False,
        "key_id": None, "key_name": "bench", "upstream": "provider", "model": "model-1",
        "served_model": "model-1", "timings": {}, "first_byte_ms": 90, "latency_ms": 900,
        "input_tokens": 900, "output_tokens": 90, "usage_is_estimated": False,
        "request": b"x" * 600, "request_sha256": b"x" * 32, "new_from": 0,
        "response": {"role": "assistant", "content": "x" * 600}, "finish_reason": "stop",
        "injection": {}, "tags": {}, "routing": {}, "attempts": 1, "is_latest": True,
        "is_repeated": False, "is_support": False, "evolve_attempts": 0,
    }  # fmt: skip


def _sessions(tenant_id: UUID, batch: list[tuple[dict[str, Any], int]]) -> list[dict[str, Any]]:
    rows = {}
    for turn, _ in batch:
        rows[turn["session_id"]] = {
            "id": turn["session_id"], "tenant_id": tenant_id, "created_at": turn["created_at"],
            "agent": turn["agent"], "external_id": "", "source": "new",
            "started_at": turn["started_at"], "last_turn_at": turn["finished_at"],
            # Over: else a sweep would close ten thousand of them while pages are timed.
            "closed_at": turn["finished_at"],
        }  # fmt: skip
    return list(rows.values())


def _text(turn: dict[str, Any]) -> dict[str, Any]:
    texts = (turn["user_text"], turn["response_text"], turn["preview"])
    return _row(turn) | {"terms": tsvector_of(turn["tenant_id"], *texts)}


def _row(turn: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "tenant_id": turn["tenant_id"],
        "created_at": turn["created_at"],
        "turn_id": turn["id"],
    }
