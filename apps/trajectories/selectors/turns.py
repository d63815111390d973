from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from apps.trajectories.errors import TurnNotFound
from apps.trajectories.excerpts import Part, excerpt
from apps.trajectories.models import Score, Turn
from apps.trajectories.search_terms import Search
from apps.trajectories.selectors.filters import TurnFilters
from apps.trajectories.selectors.searching import turns_found

_HEAVY = ("request", "response", "response_text")
# Of those, what a search does not quote from.
_UNQUOTED = ("request", "response")


def turn_list(*, tenant_id: UUID, filters: TurnFilters) -> QuerySet[Turn]:
    """Turns without their messages, for lists."""
    turns = turns_found(tenant_id=tenant_id, filters=filters)
    return turns.defer(*(_UNQUOTED if filters.q else _HEAVY)).prefetch_related("skills")


def turn_excerpt(turn: Turn, search: Search) -> list[Part]:
    """What was said in a turn around the words of a search; without any, how it begins."""
    return excerpt([turn.user_text or turn.preview, turn.response_text, turn.preview], search)


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
    """By a judge, or by a program that knew what was wanted."""
    scores = Score.objects.for_tenant(tenant_id)
    kinds = (Score.Kind.JUDGE, Score.Kind.CHECKER)
    return scores.filter(turn_id=OuterRef("id"), kind__in=kinds)


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
