"""Sessions as people look at them: a list, and one with its whole conversation."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.trajectories.errors import RequestDamaged, SessionNotFound
from apps.trajectories.models import Session, Turn
from apps.trajectories.search_terms import search_of
from apps.trajectories.selectors.filters import OUTCOMES, TurnFilters
from apps.trajectories.selectors.requests import asked_of
from apps.trajectories.selectors.searching import LISTED, turns_with_words

# Of a longer session the first turns are shown; a conversation is read from its beginning.
TURNS_SHOWN: Final = 500
# Lines of one session: a client that edits what was said begins another one.
_LINES = 20


@dataclass(frozen=True, slots=True)
class SessionFilters:
    """Which sessions are wanted; an empty value means any. All that are given must hold."""

    agent: str = ""
    source: str = ""
    # "open" or "closed".
    state: str = ""
    # Sessions that were heard of from this moment on, and that began before that one.
    since: datetime | None = None
    until: datetime | None = None
    # Words that were said in it, its id, or the client's own name for it.
    q: str = ""


@dataclass(frozen=True, slots=True)
class TurnOfSession:
    """A turn, with what was said in it and nowhere before it."""

    turn: Turn
    said: list[Any]
    # Since the turn before it had ended; less than nothing where both were under way at once.
    gap_ms: int | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as it is read: everything that was said, once."""

    session: Session
    turns: list[TurnOfSession]


def session_list(*, tenant_id: UUID, filters: SessionFilters) -> QuerySet[Session]:
    """Sessions with their numbers of turns."""
    sessions = Session.objects.for_tenant(tenant_id)
    if filters.agent:
        sessions = sessions.filter(agent__icontains=filters.agent)
    if filters.source:
        sessions = sessions.filter(source=filters.source)
    if filters.state:
        sessions = sessions.filter(closed_at__isnull=filters.state == "open")
    if filters.since:
        sessions = sessions.filter(last_turn_at__gte=filters.since)
    if filters.until:
        sessions = sessions.filter(started_at__lt=filters.until)
    if filters.q:
        sessions = sessions.filter(_about(tenant_id, filters.q))
    return _counted(sessions, tenant_id)


def session_get(*, tenant_id: UUID, session_id: UUID) -> Session:
    """A session with its numbers of turns. Raises SessionNotFound."""
    sessions = Session.objects.for_tenant(tenant_id).filter(id=session_id)
    found = _counted(sessions, tenant_id).first()
    if found is None:
        raise SessionNotFound
    return found


def session_view(*, tenant_id: UUID, session_id: UUID) -> SessionView:
    """A session with what was said in it. Raises SessionNotFound."""
    session = session_get(tenant_id=tenant_id, session_id=session_id)
    turns = list(
        Turn.objects.for_tenant(tenant_id)
        .filter(session_id=session_id)
        .defer("request")
        .prefetch_related("skills", "scores")
        .order_by("id")[:TURNS_SHOWN]
    )
    said = _said(tenant_id, turns)
    shown = []
    for before, turn in zip([None, *turns], turns, strict=False):
        gap = (turn.started_at - before.finished_at).total_seconds() if before else None
        gap_ms = None if gap is None else round(gap * 1000)
        shown.append(TurnOfSession(turn, said[turn.id], gap_ms))
    return SessionView(session, shown)


def _about(tenant_id: UUID, q: str) -> Q:
    turn_ids = turns_with_words(
        tenant_id=tenant_id,
        search=search_of(tenant_id, q),
        filters=TurnFilters(attempts="all"),
        limit=LISTED,
    )
    turns = Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids)
    found = Q(external_id__icontains=q) | Q(id__in=list(turns.values_list("session_id", flat=True)))
    with suppress(ValueError):
        found |= Q(id=UUID(q))
    return found


def _counted(sessions: QuerySet[Session], tenant_id: UUID) -> QuerySet[Session]:
    # One by one, for the rows of a page: the index on tenant and session serves each.
    turns = Turn.objects.for_tenant(tenant_id).filter(session_id=OuterRef("id"))
    main = turns.filter(kind=Turn.Kind.MAIN)
    return sessions.annotate(
        turns_total=_count(turns),
        turns_passed=_count(turns.filter(OUTCOMES["passed"])),
        turns_failed=_count(turns.filter(OUTCOMES["failed"])),
        turns_error=_count(turns.filter(OUTCOMES["error"])),
        preview=Coalesce(
            Subquery(main.order_by("id").values("preview")[:1]),
            Subquery(turns.order_by("id").values("preview")[:1]),
        ),
    )


def _count(turns: QuerySet[Turn]) -> Coalesce:
    counted = turns.order_by().values("session_id").annotate(number=Count("id")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _said(tenant_id: UUID, turns: list[Turn]) -> dict[UUID, list[Any]]:
    """The messages that are new in each turn.

    The last turn of a line was sent with all that was said in it: one request is built for
    each line, not for each turn.
    """
    by_id = {turn.id: turn for turn in turns}
    parents = {turn.parent_id for turn in turns}
    leaves = [turn for turn in turns if turn.id not in parents]
    found: dict[UUID, list[Any]] = {}
    for leaf in leaves[-_LINES:]:
        try:
            messages = asked_of(tenant_id=tenant_id, turn_id=leaf.id).messages
        except RequestDamaged:
            continue
        turn: Turn | None = leaf
        while turn is not None and turn.id not in found:
            parent = by_id.get(turn.parent_id) if turn.parent_id else None
            # With its parent in sight, the parent's answer is shown there.
            start = turn.new_from + 1 if parent else 0
            found[turn.id] = messages[start:]
            messages, turn = messages[: turn.new_from], parent
    for turn in turns:
        if turn.id not in found:
            found[turn.id] = [{"role": "user", "content": turn.user_text or turn.preview}]
    return found
