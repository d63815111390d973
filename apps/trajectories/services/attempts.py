"""Requests that a client sent again are attempts of one turn.

Clients repeat a request whose answer was cut off, refused or too slow, up to ten times. Every
attempt keeps its row, because its caller was told its id; lists show the latest, and the
latest complete one alone is judged and learned from.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from apps.jobs.services import jobs_withdraw
from apps.trajectories.models import Turn
from apps.trajectories.services.judging import JUDGE_KIND

# What was answered and is asked again soon after is the same question; later it is a new one.
_AGAIN_AFTER_ANSWER = timedelta(minutes=5)
_AGAIN_AFTER_FAILURE = timedelta(hours=1)
_FIELDS = ("id", "session_id", "kind", "status", "asked_hash", "started_at", "finished_at")
_LINKED = ("attempt_of", "attempts", "is_latest", "is_repeated")


def attempts_link(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> None:
    """Find what each of these new turns repeats, and mark all attempts of it."""
    turns = Turn.objects.for_tenant(tenant_id)
    new = turns.filter(id__in=turn_ids, asked_hash__isnull=False)
    asked = list(new.values_list("session_id", "asked_hash"))
    if not asked:
        return
    same = Q(session_id__in={row[0] for row in asked}, asked_hash__in={row[1] for row in asked})
    groups: dict[tuple[UUID, str, bytes], list[Turn]] = defaultdict(list)
    for turn in turns.filter(same).only(*_FIELDS, *_LINKED).order_by("started_at", "id"):
        groups[turn.session_id, turn.kind, bytes(turn.asked_hash or b"")].append(turn)
    changed = [turn for group in groups.values() for turn in _marked(group)]
    if not changed:
        return
    turns.bulk_update(changed, _LINKED)
    jobs_withdraw(
        tenant_id=tenant_id,
        kind=JUDGE_KIND,
        dedupe_keys=[str(turn.id) for turn in changed if turn.is_repeated],
    )


def _marked(group: Sequence[Turn]) -> list[Turn]:
    """Attempts of which the marks changed. ``group``: the same question, oldest first."""
    changed = []
    for attempts in _runs(group):
        complete = [turn.id for turn in attempts if turn.status == Turn.Status.COMPLETE]
        for turn in attempts:
            before = [getattr(turn, name) for name in _LINKED]
            turn.attempt_of = attempts[0].id if turn is not attempts[0] else None
            turn.is_latest = turn is attempts[-1]
            turn.attempts = len(attempts) if turn.is_latest else 1
            turn.is_repeated = bool(complete) and turn.id != complete[-1]
            if [getattr(turn, name) for name in _LINKED] != before:
                changed.append(turn)
    return changed


def _runs(group: Sequence[Turn]) -> list[list[Turn]]:
    """The same words at another time are another turn."""
    runs: list[list[Turn]] = []
    for turn in group:
        if runs and _is_repetition(runs[-1][-1], turn):
            runs[-1].append(turn)
        else:
            runs.append([turn])
    return runs


def _is_repetition(earlier: Turn, later: Turn) -> bool:
    is_answered = earlier.status == Turn.Status.COMPLETE
    within = _AGAIN_AFTER_ANSWER if is_answered else _AGAIN_AFTER_FAILURE
    return later.started_at - earlier.finished_at <= within
