"""Turning finished requests into rows. Repeating it with the same records changes nothing."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest

from apps.core.chat import last_user_index
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.trajectories.models import Blob, Session, Turn, TurnSkill
from apps.trajectories.months import month_of
from apps.trajectories.partitions import months_ensure
from apps.trajectories.services.attempts import attempts_link
from apps.trajectories.services.judging import turn_ask_judge
from apps.trajectories.services.requests import NewRequest, requests_pack, text_share
from apps.trajectories.services.sessions import session_close
from apps.trajectories.storable import storable
from apps.trajectories.types import TurnRecord

# Sessions that no client named: the gateway told them from the words said so far.
_KNOWN_BY_WORDS = ("new", "conversation")
# From this many characters on a text that is injected is a piece of its own.
_SHARED_TEXT = 200


def turns_record(*, tenant_id: UUID, records: Sequence[TurnRecord]) -> list[TurnRecord]:
    """Store finished turns of one tenant, in order; answers with those that were new.

    Runs in one transaction: either all rows, judge jobs and events are there, or none.
    """
    new = []
    blobs: dict[bytes, Blob] = {}
    months_ensure(month_of(record.id) for record in records)
    with tenant_tx(tenant_id):
        known = set(
            Turn.objects.for_tenant(tenant_id)
            .filter(id__in=[record.id for record in records])
            .values_list("id", flat=True)
        )
        for record in records:
            if record.id not in known:
                known.add(record.id)
                _record(record, blobs)
                new.append(record)
        attempts_link(tenant_id=tenant_id, turn_ids=[record.id for record in new])
    return new


def _record(record: TurnRecord, blobs: dict[bytes, Blob]) -> None:
    parent = _parent_of(record)
    session_id = record.session_id
    if parent is not None and record.session_source in _KNOWN_BY_WORDS:
        # The gateway that answered did not know the conversation; the database does.
        session_id = parent.session_id
    _open_session(record, session_id)
    new_from = _answer_at(record, parent) if parent else 0
    asked_at = last_user_index(record.messages)
    (request,) = requests_pack(
        tenant_id=record.tenant_id,
        requests=[NewRequest(record.id, record.body, parent.id if parent else None)],
    )
    turn = Turn(
        id=record.id,
        tenant_id=record.tenant_id,
        session_id=session_id,
        parent=parent,
        system=_blob(record.tenant_id, record.system, blobs),
        tools=_blob(record.tenant_id, record.tools, blobs),
        request=request.recipe,
        request_sha256=request.sha256,
        base_id=request.base_id,
        message_count=len(record.messages),
        new_from=new_from,
        asked_hash=record.prefix_hashes[-1] if record.prefix_hashes else None,
        response=storable(record.response),
        error=storable(record.error),
        injection=_injection(record),
        preview=storable(record.preview)[:200],
        # Said once, stored once: a tool loop goes on for many turns about the same words.
        user_text="" if (asked_at or 0) < new_from else storable(record.user_text),
        response_text=storable(record.response_text),
        timings=dict(record.timings),
        tags=storable(dict(record.tags)),
        routing=storable(dict(record.routing)),
    )
    for name in _SAME_NAMED:
        setattr(turn, name, storable(getattr(record, name)))
    turn.save(force_insert=True)
    TurnSkill.objects.bulk_create(
        TurnSkill(
            tenant_id=record.tenant_id,
            turn=turn,
            version_id=used.version_id,
            slug=used.slug,
            version=used.version,
            score=used.score,
        )
        for used in record.skills
    )
    _ask_judges(record, parent)
    if record.is_session_done:
        session_close(tenant_id=record.tenant_id, session_id=session_id)
    publish_on_commit(record.tenant_id, Changed("trajectories.turn", str(record.id), record.status))


_SAME_NAMED = (
    "kind",
    "status",
    "http_status",
    "dialect",
    "is_stream",
    "is_simulated",
    "agent",
    "key_id",
    "key_name",
    "upstream",
    "model",
    "served_model",
    "started_at",
    "finished_at",
    "first_byte_ms",
    "latency_ms",
    "input_tokens",
    "output_tokens",
    "finish_reason",
    "end_hash",
)


def _parent_of(record: TurnRecord) -> Turn | None:
    """The recorded turn whose conversation this one goes on with, the longest of them."""
    earlier = record.prefix_hashes[:-1]
    if not earlier:
        return None
    candidates = Turn.objects.for_tenant(record.tenant_id).filter(end_hash__in=earlier)
    same_session = Q(session_id=record.session_id)
    if record.session_source in _KNOWN_BY_WORDS:
        # The gateway may know the session by an id that it gave after it was started anew.
        candidates = candidates.filter(same_session | Q(key_id=record.key_id))
    else:
        candidates = candidates.filter(same_session)
    found = list(candidates.only("id", "session_id", "end_hash").order_by("-id")[:50])
    return max(
        found,
        key=lambda turn: (_answer_at(record, turn), turn.session_id == record.session_id),
        default=None,
    )


def _answer_at(record: TurnRecord, parent: Turn) -> int:
    """Where in the messages the answer stands with which the parent ended."""
    return record.prefix_hashes.index(bytes(parent.end_hash or b""))


def _open_session(record: TurnRecord, session_id: UUID) -> None:
    sessions = Session.objects.for_tenant(record.tenant_id)
    Session.objects.bulk_create(
        [
            Session(
                id=session_id,
                tenant_id=record.tenant_id,
                agent=record.agent,
                external_id=storable(record.external_session_id)[:300],
                source=record.session_source,
                started_at=record.started_at,
                last_turn_at=record.finished_at,
            )
        ],
        ignore_conflicts=True,
    )
    sessions.filter(id=session_id).update(
        last_turn_at=Greatest(F("last_turn_at"), record.finished_at),
        # A turn that began after the end reopens the session; a late record does not.
        closed_at=Case(
            When(Q(closed_at__lt=record.started_at), then=Value(None)), default=F("closed_at")
        ),
    )


def _injection(record: TurnRecord) -> dict[str, Any]:
    """A session carries the same skills from turn to turn: their text is stored once."""
    injection: dict[str, Any] = storable(dict(record.injection))
    text = injection.get("text", "")
    if len(text) >= _SHARED_TEXT:
        piece = text_share(tenant_id=record.tenant_id, turn_id=record.id, text=text)
        injection = injection | {"text_piece": str(piece)}
        del injection["text"]
    return injection


def _ask_judges(record: TurnRecord, parent: Turn | None) -> None:
    if parent is not None and record.user_text:
        _ask(record.tenant_id, parent.id, now())
    if record.kind == Turn.Kind.MAIN and record.status == Turn.Status.COMPLETE:
        wait = timedelta(seconds=settings.METACLAW_JUDGE_WAIT_SECONDS)
        _ask(record.tenant_id, record.id, record.finished_at + wait)


def _ask(tenant_id: UUID, turn_id: UUID, at: datetime) -> None:
    waiting = Turn.objects.for_tenant(tenant_id).filter(
        id=turn_id,
        kind=Turn.Kind.MAIN,
        status=Turn.Status.COMPLETE,
        score=None,
        is_repeated=False,
    )
    if waiting.exclude(response_text="").exists():
        turn_ask_judge(tenant_id=tenant_id, turn_id=turn_id, at=at)


def _blob(tenant_id: UUID, content: Any, known: dict[bytes, Blob]) -> Blob | None:
    if content in (None, "", []):
        return None
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(text.encode()).digest()
    if digest in known:
        return known[digest]
    Blob.objects.bulk_create(
        [Blob(id=uuid7(), tenant_id=tenant_id, sha256=digest, content=storable(content))],
        ignore_conflicts=True,
    )
    known[digest] = Blob.objects.for_tenant(tenant_id).only("id").get(sha256=digest)
    return known[digest]
