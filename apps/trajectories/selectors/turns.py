from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.trajectories.errors import TurnNotFound
from apps.trajectories.models import Score, Turn, TurnSkill

OUTCOMES: dict[str, Q] = {
    "passed": Q(score=1),
    "failed": Q(score=-1),
    "neutral": Q(score=0),
    "unscored": Q(score__isnull=True) & ~Q(status__in=["upstream_error", "rejected"]),
    "error": Q(status__in=["upstream_error", "rejected"]),
}
_HEAVY = ("request", "response", "response_text")


@dataclass(frozen=True, slots=True)
class TurnFilters:
    """Which turns are wanted; an empty value means any."""

    outcome: str = ""
    status: str = ""
    session: UUID | None = None
    agent: str = ""
    model: str = ""
    skill: str = ""
    q: str = ""
    # ``name:value``
    tag: str = ""
    # "latest": of requests that were sent again the latest only; "all": each of them.
    attempts: str = "latest"


def turn_list(*, tenant_id: UUID, filters: TurnFilters) -> QuerySet[Turn]:
    """Turns without their messages, for lists."""
    turns = Turn.objects.for_tenant(tenant_id).defer(*_HEAVY).prefetch_related("skills")
    if filters.attempts == "latest":
        turns = turns.filter(is_latest=True)
    if filters.outcome:
        turns = turns.filter(OUTCOMES[filters.outcome])
    if filters.status:
        turns = turns.filter(status=filters.status)
    if filters.session:
        turns = turns.filter(session_id=filters.session)
    if filters.agent:
        turns = turns.filter(agent__icontains=filters.agent)
    if filters.model:
        turns = turns.filter(model__icontains=filters.model)
    if filters.skill:
        carried = TurnSkill.objects.for_tenant(tenant_id).filter(slug__icontains=filters.skill)
        turns = turns.filter(id__in=carried.values("turn_id"))
    if filters.tag:
        name, _, value = filters.tag.partition(":")
        turns = turns.filter(tags__contains={name: value})
    if filters.q:
        turns = turns.filter(_words(filters.q))
    return turns


def _words(q: str) -> Q:
    # The preview: turns of a tool loop do not repeat the words that it is about.
    found = Q(user_text__icontains=q) | Q(response_text__icontains=q) | Q(preview__icontains=q)
    try:
        return found | Q(id=UUID(q))
    except ValueError:
        return found


def turn_get(*, tenant_id: UUID, turn_id: UUID) -> Turn:
    """A turn with what belongs to it. Raises TurnNotFound."""
    found = (
        Turn.objects.for_tenant(tenant_id)
        .select_related("session")
        .prefetch_related("skills", "scores")
        .filter(id=turn_id)
        .first()
    )
    if found is None:
        raise TurnNotFound
    return found


def turn_exists(*, tenant_id: UUID, turn_id: UUID) -> bool:
    return Turn.objects.for_tenant(tenant_id).filter(id=turn_id).exists()


def last_turn(*, tenant_id: UUID, session_id: UUID) -> Turn | None:
    """The last turn of a session that was about something and got an answer."""
    return (
        Turn.objects.for_tenant(tenant_id)
        .filter(session_id=session_id, kind=Turn.Kind.MAIN)
        .filter(status=Turn.Status.COMPLETE, is_repeated=False)
        .defer(*_HEAVY)
        .order_by("-id")
        .first()
    )


def _judged(tenant_id: UUID) -> QuerySet[Score]:
    scores = Score.objects.for_tenant(tenant_id)
    return scores.filter(turn_id=OuterRef("id"), kind=Score.Kind.JUDGE)


def is_judged(*, tenant_id: UUID, turn_id: UUID, prompt_version: str) -> bool:
    return (
        Score.objects.for_tenant(tenant_id)
        .filter(turn_id=turn_id, kind=Score.Kind.JUDGE, prompt_version=prompt_version)
        .exists()
    )


def unscored_turns(*, tenant_id: UUID, session_id: UUID) -> list[UUID]:
    """Turns of a session that a judge should still look at, oldest first."""
    return list(
        Turn.objects.for_tenant(tenant_id)
        .filter(
            session_id=session_id,
            kind=Turn.Kind.MAIN,
            status=Turn.Status.COMPLETE,
            is_repeated=False,
        )
        .filter(~Exists(_judged(tenant_id)))
        .order_by("id")
        .values_list("id", flat=True)
    )


_ASKED = """
WITH RECURSIVE line AS (
  SELECT parent_id, user_text FROM trajectories_turn WHERE tenant_id = %(tenant)s AND id = %(turn)s
  UNION ALL
  SELECT t.parent_id, t.user_text
  FROM trajectories_turn t JOIN line ON t.id = line.parent_id AND t.tenant_id = %(tenant)s
  WHERE line.user_text = ''
)
SELECT user_text FROM line WHERE user_text <> ''
"""


def user_text_of(turn: Turn) -> str:
    """What the user had said last when this turn was sent, in this turn or before it."""
    if turn.user_text or turn.parent_id is None:
        return turn.user_text
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"tenant": turn.tenant_id, "turn": turn.id})
        row = cursor.fetchone()
    # Turns go when their time is over; their beginning stays with those that come after.
    return str(row[0]) if row else turn.preview
