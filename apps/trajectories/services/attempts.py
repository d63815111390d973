"""Requests that a client sent again are attempts of one turn.

Clients repeat a request whose answer was cut off, refused or too slow, up to ten times. Every
attempt keeps its row, because its caller was told its id; lists show the latest, and the
latest complete one alone is judged and learned from.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from apps.jobs.services import jobs_withdraw
from apps.trajectories.models import Turn
from apps.trajectories.months import first_id
from apps.trajectories.services.judging import JUDGE_KIND

# What was answered and is asked again soon after is the same question; later it is a new one.
_AGAIN_AFTER_ANSWER = timedelta(minutes=5)
_AGAIN_AFTER_FAILURE = timedelta(hours=1)
# Ids are made when a request comes; answers may take their time.
_LOOKED_BACK = _AGAIN_AFTER_FAILURE + timedelta(hours=1)
_COLUMNS = (
    "id",
    "session_id",
    "kind",
    "status",
    "asked_hash",
    "started_at",
    "finished_at",
    "attempt_of",
    "attempts",
    "is_latest",
    "is_repeated",
)
_FIND = f"""
SELECT {", ".join(f"t.{column}" for column in _COLUMNS)}
FROM unnest(%(sessions)s::uuid[], %(asked)s::bytea[]) q (session_id, asked_hash)
JOIN trajectories_turn t ON t.tenant_id = %(tenant)s AND t.session_id = q.session_id
  AND t.asked_hash = q.asked_hash AND t.id >= %(since)s
WHERE t.is_latest OR (t.status = 'complete' AND NOT t.is_repeated)
ORDER BY t.started_at, t.id
"""  # noqa: S608  # names of our own columns
_MARK = """
UPDATE trajectories_turn t
SET attempt_of = m.attempt_of, attempts = m.attempts, is_latest = m.is_latest,
  is_repeated = m.is_repeated
FROM unnest(%(id)s::uuid[], %(attempt_of)s::uuid[], %(attempts)s::int[], %(is_latest)s::bool[],
  %(is_repeated)s::bool[]) m (id, attempt_of, attempts, is_latest, is_repeated)
WHERE t.tenant_id = %(tenant)s AND t.id = m.id
"""

_Question = tuple[UUID, str, bytes]


@dataclass(slots=True)
class Attempt:
    """What there is to know of a turn to say what it repeats, and the marks it gets."""

    id: UUID
    session_id: UUID
    kind: str
    status: str
    asked_hash: bytes | None
    started_at: datetime
    finished_at: datetime
    attempt_of: UUID | None = None
    attempts: int = 1
    is_latest: bool = True
    is_repeated: bool = False

    @property
    def question(self) -> _Question:
        return self.session_id, self.kind, bytes(self.asked_hash or b"")

    @property
    def is_complete(self) -> bool:
        return self.status == Turn.Status.COMPLETE

    @property
    def marks(self) -> dict[str, Any]:
        return {
            "attempt_of": self.attempt_of,
            "attempts": self.attempts,
            "is_latest": self.is_latest,
            "is_repeated": self.is_repeated,
        }


@dataclass(slots=True)
class _Asked:
    """What is stored of a question: its latest attempt, and the one that counts."""

    latest: Attempt
    answered: Attempt | None = None


def attempts_link(*, tenant_id: UUID, new: Sequence[Attempt]) -> None:
    """Mark turns that are about to be stored, and store the marks of those they repeat.

    Of a question that is asked again without end, only two stored turns are ever read.
    """
    ordered = sorted((turn for turn in new if turn.asked_hash), key=lambda turn: turn.started_at)
    if not ordered:
        return
    asked = _stored(tenant_id, ordered)
    changed: dict[UUID, Attempt] = {}
    for turn in ordered:
        before = asked.get(turn.question)
        if before is None or not _is_repetition(before.latest, turn):
            asked[turn.question] = _Asked(turn, turn if turn.is_complete else None)
            continue
        for touched in _add(before, turn):
            changed[touched.id] = touched
    for turn in new:
        changed.pop(turn.id, None)
    if changed:
        _mark(tenant_id, list(changed.values()))


def _mark(tenant_id: UUID, stored: Sequence[Attempt]) -> None:
    marks = [{"id": turn.id} | turn.marks for turn in stored]
    columns = {name: [mark[name] for mark in marks] for name in marks[0]}
    with connection.cursor() as cursor:
        cursor.execute(_MARK, columns | {"tenant": tenant_id})
    jobs_withdraw(
        tenant_id=tenant_id,
        kind=JUDGE_KIND,
        dedupe_keys=[str(turn.id) for turn in stored if turn.is_repeated],
    )


def _stored(tenant_id: UUID, ordered: Sequence[Attempt]) -> dict[_Question, _Asked]:
    questions = {(turn.session_id, bytes(turn.asked_hash or b"")) for turn in ordered}
    sessions, asked_hashes = zip(*questions, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {
                "tenant": tenant_id,
                "sessions": list(sessions),
                "asked": list(asked_hashes),
                "since": first_id(ordered[0].started_at - _LOOKED_BACK),
            },
        )
        rows = cursor.fetchall()
    groups: dict[_Question, list[Attempt]] = defaultdict(list)
    for row in rows:
        turn = Attempt(*row)
        groups[turn.question].append(turn)
    asked = {}
    for question, turns in groups.items():
        latest = [turn for turn in turns if turn.is_latest]
        if latest:
            first = latest[-1].attempt_of or latest[-1].id
            of_it = [turn for turn in turns if first in (turn.id, turn.attempt_of)]
            answers = [turn for turn in of_it if turn.is_complete and not turn.is_repeated]
            asked[question] = _Asked(latest[-1], answers[-1] if answers else None)
    return asked


def _add(asked: _Asked, turn: Attempt) -> list[Attempt]:
    """One attempt more; answers with the turns whose marks changed."""
    before = asked.latest
    turn.attempt_of = before.attempt_of or before.id
    # One that was recorded late may have come before the latest.
    older, newer = sorted((before, turn), key=lambda one: one.started_at)
    newer.attempts, older.attempts = before.attempts + 1, 1
    newer.is_latest, older.is_latest = True, False
    asked.latest = newer
    changed = [before, turn]
    if turn.is_complete:
        if asked.answered is not None:
            older, newer = sorted((asked.answered, turn), key=lambda one: one.started_at)
            older.is_repeated = True
            changed.append(asked.answered)
            asked.answered = newer
        else:
            asked.answered = turn
    return changed


def _is_repetition(one: Attempt, other: Attempt) -> bool:
    earlier, later = sorted((one, other), key=lambda turn: turn.started_at)
    within = _AGAIN_AFTER_ANSWER if earlier.is_complete else _AGAIN_AFTER_FAILURE
    return later.started_at - earlier.finished_at <= within
