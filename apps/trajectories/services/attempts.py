"""Requests that a client sent again are attempts of one turn.

Clients repeat a request whose answer was cut off, refused or too slow, up to ten times. Every
attempt keeps its row, because its caller was told its id; lists show the latest, and the
latest complete one alone is judged and learned from.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from apps.jobs.services import jobs_withdraw
from apps.trajectories.models import Turn
from apps.trajectories.months import first_id
from apps.trajectories.services.judging import JUDGE_KIND

# What was answered and is asked again soon after is the same question; later it is a new one.
_AGAIN_AFTER_ANSWER = timedelta(minutes=5)
_AGAIN_AFTER_FAILURE = timedelta(hours=1)
# Ids are made when a request comes; answers may take their time.
_LOOKED_BACK = _AGAIN_AFTER_FAILURE + timedelta(hours=1)
_FIELDS = ("id", "session_id", "kind", "status", "asked_hash", "started_at", "finished_at")
_LINKED = ("attempt_of", "attempts", "is_latest", "is_repeated")

_Question = tuple[UUID, str, bytes]


@dataclass(slots=True)
class _Asked:
    """What is stored of a question: its latest attempt, and the one that counts."""

    latest: Turn
    answered: Turn | None = None


def attempts_link(*, tenant_id: UUID, new: Sequence[Turn]) -> None:
    """Mark turns that are about to be stored, and those that they repeat.

    Of a question that is asked again without end, only two stored turns are ever read.
    """
    ordered = sorted((turn for turn in new if turn.asked_hash), key=lambda turn: turn.started_at)
    if not ordered:
        return
    asked = _stored(tenant_id, ordered)
    changed: dict[UUID, Turn] = {}
    for turn in ordered:
        question = _question(turn)
        before = asked.get(question)
        if before is None or not _is_repetition(before.latest, turn):
            asked[question] = _Asked(turn, turn if _is_complete(turn) else None)
            continue
        for touched in _add(before, turn):
            changed[touched.id] = touched
    changed = {row_id: turn for row_id, turn in changed.items() if not turn._state.adding}
    if not changed:
        return
    Turn.objects.for_tenant(tenant_id).bulk_update(list(changed.values()), _LINKED)
    jobs_withdraw(
        tenant_id=tenant_id,
        kind=JUDGE_KIND,
        dedupe_keys=[str(turn.id) for turn in changed.values() if turn.is_repeated],
    )


def _stored(tenant_id: UUID, ordered: Sequence[Turn]) -> dict[_Question, _Asked]:
    rows = (
        Turn.objects.for_tenant(tenant_id)
        .filter(
            Q(is_latest=True) | Q(status=Turn.Status.COMPLETE, is_repeated=False),
            session_id__in={turn.session_id for turn in ordered},
            asked_hash__in={bytes(turn.asked_hash or b"") for turn in ordered},
            id__gte=first_id(ordered[0].started_at - _LOOKED_BACK),
        )
        .only(*_FIELDS, *_LINKED)
        .order_by("started_at", "id")
    )
    groups: dict[_Question, list[Turn]] = defaultdict(list)
    for turn in rows:
        groups[_question(turn)].append(turn)
    asked = {}
    for question, turns in groups.items():
        latest = [turn for turn in turns if turn.is_latest]
        if latest:
            first = latest[-1].attempt_of or latest[-1].id
            of_it = [turn for turn in turns if first in (turn.id, turn.attempt_of)]
            answers = [turn for turn in of_it if _is_complete(turn) and not turn.is_repeated]
            asked[question] = _Asked(latest[-1], answers[-1] if answers else None)
    return asked


def _add(asked: _Asked, turn: Turn) -> list[Turn]:
    """One attempt more; answers with the turns whose marks changed."""
    before = asked.latest
    turn.attempt_of = before.attempt_of or before.id
    # One that was recorded late may have come before the latest.
    older, newer = sorted((before, turn), key=lambda one: one.started_at)
    newer.attempts, older.attempts = before.attempts + 1, 1
    newer.is_latest, older.is_latest = True, False
    asked.latest = newer
    changed = [before, turn]
    if _is_complete(turn):
        if asked.answered is not None:
            older, newer = sorted((asked.answered, turn), key=lambda one: one.started_at)
            older.is_repeated = True
            changed.append(asked.answered)
            asked.answered = newer
        else:
            asked.answered = turn
    return changed


def _question(turn: Turn) -> _Question:
    return turn.session_id, turn.kind, bytes(turn.asked_hash or b"")


def _is_complete(turn: Turn) -> bool:
    return turn.status == Turn.Status.COMPLETE


def _is_repetition(one: Turn, other: Turn) -> bool:
    earlier, later = sorted((one, other), key=lambda turn: turn.started_at)
    within = _AGAIN_AFTER_ANSWER if _is_complete(earlier) else _AGAIN_AFTER_FAILURE
    return later.started_at - earlier.finished_at <= within
