"""Turns as learning looks at them: many at once, a few words of each."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.trajectories.models import Score, Session, Turn, TurnSkill
from apps.trajectories.months import first_id
from apps.trajectories.types import BriefTurn

_CHARACTERS = 1_500
_ANSWER_CHARACTERS = 2_000
# A session is closed at most a day after it was last heard of.
_LONGEST_SILENCE = timedelta(days=2)


def failures_open(
    *,
    tenant_id: UUID,
    since: datetime,
    attempts_below: int,
    without: Collection[UUID],
    limit: int,
    with_corrected: bool = True,
) -> list[BriefTurn]:
    """Turns that failed and that no skill was made of yet, oldest first.

    ``with_corrected``: also those that a member wrote a better answer for.
    """
    rows = _open(tenant_id, since, attempts_below, without, with_corrected=with_corrected).filter(
        score=-1
    )
    return _brief(tenant_id, rows.order_by("id")[:limit])


def sessions_ended(
    *,
    tenant_id: UUID,
    since: datetime,
    attempts_below: int,
    without: Collection[UUID],
    limit: int,
    with_corrected: bool = True,
) -> list[BriefTurn]:
    """The last turn of every session that is over, with all that was asked in it. As
    :func:`failures_open`."""
    ended = Session.objects.for_tenant(tenant_id).filter(
        closed_at__isnull=False, last_turn_at__gte=since
    )
    rows = (
        _open(tenant_id, since, attempts_below, (), with_corrected=with_corrected)
        .filter(
            session_id__in=ended.values("id"),
            kind=Turn.Kind.MAIN,
            status=Turn.Status.COMPLETE,
        )
        .order_by("session_id", "-id")
        .distinct("session_id")
    )
    last = [row.id for row in rows.only("id") if row.id not in set(without)]
    return turns_brief(tenant_id=tenant_id, turn_ids=sorted(last)[:limit], whole_sessions=True)


def turns_brief(
    *, tenant_id: UUID, turn_ids: Collection[UUID], whole_sessions: bool = False
) -> list[BriefTurn]:
    """The given turns, oldest first; those that are gone are left out.

    ``whole_sessions``: with everything that was asked in the session, not in the turn alone.
    """
    rows = Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids)
    return _brief(tenant_id, rows.order_by("id"), whole_sessions=whole_sessions)


def passing_turns(*, tenant_id: UUID, limit: int) -> list[BriefTurn]:
    """The latest turns that went well."""
    rows = Turn.objects.for_tenant(tenant_id).filter(score=1, is_repeated=False, is_rollout=False)
    return _brief(tenant_id, rows.exclude(user_text="").order_by("-id")[:limit])


def skills_carried(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> list[str]:
    """Names of the skills that were in the prompts of these turns."""
    rows = TurnSkill.objects.for_tenant(tenant_id).filter(turn_id__in=turn_ids)
    return sorted(set(rows.values_list("slug", flat=True)))


def is_session_over(*, tenant_id: UUID, since: datetime) -> bool:
    """Whether a session was closed after that moment."""
    rows = Session.objects.for_tenant(tenant_id).filter(
        last_turn_at__gte=since - _LONGEST_SILENCE, closed_at__gt=since
    )
    return rows.exists()


def main_turns_count(*, tenant_id: UUID, since: datetime, most: int) -> int:
    """How many main turns there were since, counted up to ``most``."""
    rows = Turn.objects.for_tenant(tenant_id).filter(
        id__gte=first_id(since), kind=Turn.Kind.MAIN, is_repeated=False, is_rollout=False
    )
    return len(rows.values_list("id", flat=True)[:most])


def latest_scores(*, tenant_id: UUID, since: datetime, limit: int) -> list[int]:
    """What the latest main turns since then were scored: 1 or -1, the newest first."""
    rows = Turn.objects.for_tenant(tenant_id).filter(
        id__gte=first_id(since),
        kind=Turn.Kind.MAIN,
        is_repeated=False,
        is_rollout=False,
        score__in=(-1, 1),
    )
    found = rows.order_by("-id").values_list("score", flat=True)[:limit]
    return [score for score in found if score is not None]


def _open(
    tenant_id: UUID,
    since: datetime,
    attempts_below: int,
    without: Collection[UUID],
    *,
    with_corrected: bool,
) -> QuerySet[Turn]:
    rows = (
        Turn.objects.for_tenant(tenant_id)
        .filter(
            id__gte=first_id(since),
            is_support=False,
            is_trained=False,
            is_repeated=False,
            is_rollout=False,
            evolve_attempts__lt=attempts_below,
        )
        .exclude(id__in=without)
    )
    if with_corrected:
        return rows
    corrected = Score.objects.for_tenant(tenant_id).exclude(correction="")
    return rows.exclude(Exists(corrected.filter(turn_id=OuterRef("id"))))


def _brief(
    tenant_id: UUID, rows: QuerySet[Turn], *, whole_sessions: bool = False
) -> list[BriefTurn]:
    turns = list(rows.only("id", "tenant", "session", "started_at", "score", *_WORDS))
    ids = [turn.id for turn in turns]
    children = Turn.objects.for_tenant(tenant_id).filter(~Q(user_text=""), parent_id__in=ids)
    # The first one stays: the later ones come before it.
    follow_ups = dict(children.order_by("-id").values_list("parent_id", "user_text"))
    reasons: dict[UUID, list[str]] = defaultdict(list)
    scores = Score.objects.for_tenant(tenant_id).filter(turn_id__in=ids)
    for turn_id, words in scores.order_by("-id").values_list("turn_id", "rationale"):
        reasons[turn_id].append(words)
    asked = _asked_in_sessions(tenant_id, turns) if whole_sessions else {}
    return [
        BriefTurn(
            turn_id=turn.id,
            session_id=turn.session_id,
            at=turn.started_at,
            score=turn.score,
            user_text=(asked.get(turn.session_id) or turn.user_text or turn.preview)[:_CHARACTERS],
            response_text=turn.response_text[:_ANSWER_CHARACTERS],
            follow_up=follow_ups.get(turn.id, "")[:_CHARACTERS],
            rationale=next((one for one in reasons[turn.id] if one), "")[:_CHARACTERS],
        )
        for turn in turns
    ]


_WORDS = ("user_text", "preview", "response_text")


def _asked_in_sessions(tenant_id: UUID, turns: list[Turn]) -> dict[UUID, str]:
    rows = Turn.objects.for_tenant(tenant_id).filter(
        ~Q(user_text=""), session_id__in=[turn.session_id for turn in turns], kind=Turn.Kind.MAIN
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for session_id, said in rows.order_by("id").values_list("session_id", "user_text"):
        found[session_id].append(said[:400])
    return {session_id: "\n".join(said) for session_id, said in found.items()}
