"""Turning finished requests into rows. Repeating it with the same records changes nothing.

Every step is done for the whole batch at once: what a turn costs is its row.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.core.bulk import as_json, rows_insert
from apps.core.chat import last_user_index
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.jobs.services import JobWanted, jobs_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.trajectories.models import Turn, TurnSkill
from apps.trajectories.months import month_of
from apps.trajectories.partitions import months_ensure
from apps.trajectories.services.attempts import Attempt, attempts_link
from apps.trajectories.services.indexing import index_ask
from apps.trajectories.services.judging import JUDGE_KIND
from apps.trajectories.services.parents import Placed, is_judged_once_complete, placed
from apps.trajectories.services.requests import (
    NewRequest,
    PackedRequest,
    requests_pack,
    texts_share,
)
from apps.trajectories.services.saying import scores_queue, signal_score
from apps.trajectories.services.sessions import session_close, sessions_touch
from apps.trajectories.signals import signals_of
from apps.trajectories.types import REACHED_BY_ALL, GivenScore, TurnRecord

# From this many characters on a text that is injected is a piece of its own.
_SHARED_TEXT = 200
_STEPS_ELSEWHERE = frozenset({"received", "first_byte", "finished"})
_SAME_NAMED = (
    "id",
    "kind",
    "status",
    "http_status",
    "dialect",
    "is_stream",
    "is_simulated",
    "key_id",
    "started_at",
    "finished_at",
    "first_byte_ms",
    "latency_ms",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "usage_is_estimated",
    "end_hash",
    "agent",
    "key_name",
    "upstream",
    "model",
    "served_model",
    "finish_reason",
    "preview",
    "response_text",
    "is_rollout",
)


# One parameter, however many ids: a placeholder for each costs more than the look-up.
_STORED = "SELECT id FROM trajectories_turn WHERE tenant_id = %s AND id = ANY(%s)"


def turns_record(*, tenant_id: UUID, records: Sequence[TurnRecord]) -> list[TurnRecord]:
    """Store finished turns of one tenant, in order; answers with those that were new.

    Runs in one transaction: either all rows, judge jobs and events are there, or none.
    """
    months_ensure(month_of(record.id) for record in records)
    with tenant_tx(tenant_id):
        new = _unknown(tenant_id, records)
        if new:
            _store(tenant_id, placed(tenant_id=tenant_id, records=new))
    return new


def _unknown(tenant_id: UUID, records: Sequence[TurnRecord]) -> list[TurnRecord]:
    by_id = {record.id: record for record in reversed(records)}
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [tenant_id, list(by_id)])
        for (turn_id,) in cursor.fetchall():
            del by_id[turn_id]
    return [record for record in records if by_id.pop(record.id, None) is not None]


def _store(tenant_id: UUID, found: Sequence[Placed]) -> None:
    sessions_touch(tenant_id=tenant_id, found=found)
    attempts = [_attempt(one) for one in found]
    attempts_link(tenant_id=tenant_id, new=attempts)
    rows = _rows(tenant_id, found)
    rows_insert(Turn, [row | one.marks for row, one in zip(rows, attempts, strict=True)])
    _store_skills(tenant_id, found)
    repeated = {one.id for one in attempts if one.is_repeated}
    jobs_enqueue(tenant_id=tenant_id, kind=JUDGE_KIND, wanted=_judgements(found, repeated))
    scores_queue(tenant_id=tenant_id, scores=[score for one in found for score in _heard(one)])
    index_ask(
        tenant_id=tenant_id,
        turn_ids=[one.record.id for one in found],
        ended_at=max(one.record.finished_at for one in found),
    )
    for session_id in {one.session_id for one in found if one.record.is_session_done}:
        session_close(tenant_id=tenant_id, session_id=session_id)
    # One for all of them: whoever hears of it asks for the list again.
    last = found[-1].record
    publish_on_commit(tenant_id, Changed("trajectories.turn", str(last.id), last.status))


def _attempt(one: Placed) -> Attempt:
    record = one.record
    return Attempt(
        id=record.id,
        session_id=one.session_id,
        kind=record.kind,
        status=record.status,
        asked_hash=record.prefix_hashes[-1] if record.prefix_hashes else None,
        started_at=record.started_at,
        finished_at=record.finished_at,
    )


def _store_skills(tenant_id: UUID, found: Sequence[Placed]) -> None:
    at = now()
    carried = [(one, used) for one in found for used in one.record.skills]
    # By their ids they stand in the order in which the prompt had them.
    ids = sorted(uuid7() for _ in carried)
    rows_insert(
        TurnSkill,
        [
            {
                "id": row_id,
                "tenant_id": tenant_id,
                "created_at": at,
                "turn_id": one.record.id,
                "version_id": used.version_id,
                "slug": used.slug,
                "version": used.version,
                "score": used.score,
            }
            for row_id, (one, used) in zip(ids, carried, strict=True)
        ],
    )


def _rows(tenant_id: UUID, found: Sequence[Placed]) -> list[dict[str, Any]]:
    requests = requests_pack(
        tenant_id=tenant_id,
        requests=[
            NewRequest(one.record.id, one.record.body, one.parent.id if one.parent else None)
            for one in found
        ],
    )
    injections = _injections(tenant_id, [one.record for one in found])
    return [
        _row(one, request, injection)
        for one, request, injection in zip(found, requests, injections, strict=True)
    ]


def _row(one: Placed, request: PackedRequest, injection: dict[str, Any]) -> dict[str, Any]:
    record, at = one.record, now()
    asked_at = last_user_index(record.messages) if one.new_from else None
    is_said_before = asked_at is not None and asked_at < one.new_from
    row = {name: getattr(record, name) for name in _SAME_NAMED}
    return row | {
        "tenant_id": record.tenant_id,
        "created_at": at,
        "recorded_at": at,
        "session_id": one.session_id,
        "parent_id": one.parent.id if one.parent else None,
        "request": request.recipe,
        "request_sha256": request.sha256,
        "base_id": request.base_id,
        "new_from": one.new_from,
        "asked_hash": record.prefix_hashes[-1] if record.prefix_hashes else None,
        "response": record.response,
        "error": record.error,
        "injection": injection,
        # Said once, stored once: a tool loop goes on for many turns about the same words.
        "user_text": "" if is_said_before else record.user_text,
        "timings": _timings(record),
        "tags": record.tags,
        "routing": _routing(record),
        "score": None,
        "is_support": False,
        "evolve_attempts": 0,
    }


def _injections(tenant_id: UUID, records: Sequence[TurnRecord]) -> list[dict[str, Any]]:
    """A tool loop carries and considers the same skills from turn to turn: stored once.

    The text is a piece of its own: it stays the same when what was considered changes.
    """
    injections = _shared(tenant_id, records, [dict(one.injection) for one in records], "text")
    packed = [{"facts": as_json([one])[1:-1]} for one in injections]
    shared = _shared(tenant_id, records, packed, "facts")
    return [
        one if "facts_piece" in one else injection
        for one, injection in zip(shared, injections, strict=True)
    ]


def _shared(
    tenant_id: UUID, records: Sequence[TurnRecord], holders: list[dict[str, Any]], name: str
) -> list[dict[str, Any]]:
    """With a long text in ``name`` replaced by ``<name>_piece``, the id of the piece it is in."""
    long = [
        (record.id, holder)
        for record, holder in zip(records, holders, strict=True)
        if len(holder.get(name, "")) >= _SHARED_TEXT
    ]
    texts = [(turn_id, holder.pop(name)) for turn_id, holder in long]
    pieces = texts_share(tenant_id=tenant_id, texts=texts)
    for (_, holder), piece in zip(long, pieces, strict=True):
        holder[f"{name}_piece"] = str(piece)
    return holders


def _timings(record: TurnRecord) -> dict[str, int]:
    """Without those that other columns hold, and what took no time (api.output puts them back)."""
    return {
        step: ms
        for step, ms in record.timings.items()
        if step not in _STEPS_ELSEWHERE and (ms or step not in REACHED_BY_ALL)
    }


def _routing(record: TurnRecord) -> dict[str, Any]:
    """Who was asked on the way, where that was not just the provider in the caller's dialect."""
    routing = dict(record.routing)
    if routing.get("provider_dialect") == record.dialect:
        del routing["provider_dialect"]
    return routing


def _judgements(found: Sequence[Placed], repeated: set[UUID]) -> list[JobWanted]:
    """When which turns are to be judged: a while after they ended, or now that a user replied."""
    wait = timedelta(seconds=settings.METACLAW_JUDGE_WAIT_SECONDS)
    due: dict[UUID, datetime] = {}
    at = now()
    for one in found:
        record, parent = one.record, one.parent
        if not record.wants_judge:
            continue
        if is_judged_once_complete(record):
            due[record.id] = record.finished_at + wait
        if parent is not None and parent.is_unjudged and record.user_text:
            due[parent.id] = at
    return [
        JobWanted(payload={"turn_id": str(turn_id)}, dedupe_key=str(turn_id), run_after=when)
        for turn_id, when in due.items()
        if turn_id not in repeated
    ]


def _heard(one: Placed) -> list[GivenScore]:
    """What this turn says of the answer that it goes on from. Costs no look at the database."""
    record, parent = one.record, one.parent
    if parent is None or record.kind != Turn.Kind.MAIN:
        return []
    return [
        signal_score(turn_id=parent.id, signal=signal, at=record.started_at)
        for signal in signals_of(record.messages, one.new_from)
        if signal.is_worth_storing
    ]
