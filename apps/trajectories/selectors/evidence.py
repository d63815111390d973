"""Turns as judges, evolvers and reviewers read them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from apps.core.asked import asked_body
from apps.core.chat import content_text, readable
from apps.trajectories.models import Score, Turn
from apps.trajectories.months import first_id
from apps.trajectories.rewards import KINDS
from apps.trajectories.selectors.requests import asked_of, request_built
from apps.trajectories.selectors.turns import turn_get, user_text_of
from apps.trajectories.types import (
    EvidenceTurn,
    JudgeInput,
    ReplayableTurn,
    ReplayTurn,
    UsedSkill,
)

_SYSTEM_CHARACTERS = 4_000
_ANSWER_CHARACTERS = 12_000
_MESSAGE_CHARACTERS = 4_000
_MESSAGES_SHOWN = 12


def judge_input(*, tenant_id: UUID, turn_id: UUID) -> JudgeInput:
    """What a judge needs to know of a turn, with the user's reply if there is one by now."""
    turn = turn_get(tenant_id=tenant_id, turn_id=turn_id)
    system = content_text(asked_of(tenant_id=tenant_id, turn_id=turn_id).system)
    return JudgeInput(
        turn_id=turn.id,
        at=turn.started_at,
        system=system[:_SYSTEM_CHARACTERS],
        user=user_text_of(turn)[:_ANSWER_CHARACTERS],
        response=turn.response_text[:_ANSWER_CHARACTERS],
        follow_up=_follow_up(turn),
        skills=[
            UsedSkill(used.version_id, used.slug, used.version, used.score)
            # In the order in which the prompt had them.
            for used in turn.skills.order_by("id")
        ],
    )


def replayable_turns(
    *, tenant_id: UUID, score: int, since: datetime, limit: int
) -> list[ReplayableTurn]:
    """Judged turns with words of their user in them, latest first."""
    rows = (
        Turn.objects.for_tenant(tenant_id)
        .filter(
            id__gte=first_id(since),
            score=score,
            is_repeated=False,
            is_rollout=False,
            status=Turn.Status.COMPLETE,
            dialect__in=("openai", "anthropic"),
        )
        .exclude(user_text="")
        .order_by("-id")
        .values_list("id", "user_text")[:limit]
    )
    return [ReplayableTurn(*row) for row in rows]


def replay_turn(*, tenant_id: UUID, turn_id: UUID) -> ReplayTurn:
    """A turn with its request, byte for byte. Raises TurnNotFound or RequestDamaged."""
    turn = turn_get(tenant_id=tenant_id, turn_id=turn_id)
    request = request_built(tenant_id=tenant_id, turn_id=turn_id)
    return ReplayTurn(
        turn_id=turn.id,
        session_id=turn.session_id,
        dialect=turn.dialect,
        model=turn.model,
        agent=turn.agent,
        body=request.body,
        system=asked_body(turn.dialect, request.body).system,
        user_text=user_text_of(turn),
        follow_up=_follow_up(turn),
        skills=[
            UsedSkill(used.version_id, used.slug, used.version, used.score)
            # In the order in which the prompt had them.
            for used in turn.skills.order_by("id")
        ],
    )


def turn_versions(*, tenant_id: UUID, turn_id: UUID) -> list[UUID]:
    """The skill versions that a turn carried, in their order. Raises TurnNotFound."""
    turn = turn_get(tenant_id=tenant_id, turn_id=turn_id)
    return [used.version_id for used in turn.skills.order_by("id")]


def whole_turns(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> list[EvidenceTurn]:
    """The given turns with their conversation, oldest first."""
    rows = Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids)
    return [_evidence(row, with_messages=True) for row in rows.order_by("id")]


def evidence_turns(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> list[EvidenceTurn]:
    """The given turns, oldest first; ids that the tenant does not have are left out."""
    rows: QuerySet[Turn] = Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids)
    return [_evidence(row, with_messages=False) for row in rows.order_by("id")]


def _evidence(turn: Turn, *, with_messages: bool) -> EvidenceTurn:
    messages = []
    if with_messages:
        whole = asked_of(tenant_id=turn.tenant_id, turn_id=turn.id).messages
        messages = [
            {"role": str(message.get("role", "")), "content": text[:_MESSAGE_CHARACTERS]}
            for message in whole[-_MESSAGES_SHOWN:]
            if isinstance(message, dict) and (text := readable(message))
        ]
    return EvidenceTurn(
        turn_id=turn.id,
        session_id=turn.session_id,
        at=turn.started_at,
        score=turn.score,
        user_text=user_text_of(turn),
        response_text=turn.response_text[:_ANSWER_CHARACTERS],
        follow_up=_follow_up(turn),
        rationales=_rationales(turn),
        messages=messages,
    )


def _rationales(turn: Turn) -> list[str]:
    """Why it went as it did: in the words of those who are believed first, then of the latest."""
    scores = Score.objects.for_tenant(turn.tenant_id).filter(turn_id=turn.id).order_by("-id")
    said = sorted(scores, key=lambda score: KINDS.index(score.kind))
    return [words for score in said if (words := _words(score))]


def _words(score: Score) -> str:
    words = score.comment or score.rationale
    if not score.correction:
        return words
    better = f"Should have been answered: {score.correction[:_ANSWER_CHARACTERS]}"
    return f"{words}\n{better}" if words else better


def _follow_up(turn: Turn) -> str | None:
    """What the user said next, if they did.

    A tool loop follows a turn without the user saying anything; then there is none yet.
    """
    children = Turn.objects.for_tenant(turn.tenant_id).filter(parent_id=turn.id).order_by("id")
    said = children.exclude(user_text="").values_list("user_text", flat=True).first()
    return said[:_MESSAGE_CHARACTERS] if said else None
