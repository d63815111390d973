"""Recorded prompts that nothing was learned from yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.core.chat import content_text
from apps.trajectories.models import Turn
from apps.trajectories.months import first_id
from apps.trajectories.selectors.requests import asked_of, injection_of
from apps.trajectories.selectors.turns import turn_get, user_text_of

# Of a task set, or asked again for training: not somebody's request.
_MADE_TAG = "rollout"


@dataclass(frozen=True, slots=True)
class UnusedTurn:
    turn_id: UUID
    session_id: UUID
    user_text: str


def turns_unused(
    *, tenant_id: UUID, since: datetime, limit: int, agent: str = "", served_model: str = ""
) -> list[UnusedTurn]:
    """Complete main turns that neither taught a skill nor trained weights, latest first.

    Nor did another turn with the same prompt. ``agent`` and ``served_model``: of these alone.
    """
    rows = Turn.objects.for_tenant(tenant_id).filter(
        id__gte=first_id(since),
        kind=Turn.Kind.MAIN,
        status=Turn.Status.COMPLETE,
        is_repeated=False,
        is_support=False,
        is_trained=False,
    )
    if agent:
        rows = rows.filter(agent=agent)
    if served_model:
        rows = rows.filter(served_model=served_model)
    found = list(
        rows.exclude(user_text="")
        .exclude(tags__has_key=_MADE_TAG)
        .order_by("-id")
        .values_list("id", "session_id", "user_text", "asked_hash")[:limit]
    )
    hashes = {bytes(row[3]) for row in found if row[3] is not None}
    trained = Turn.objects.for_tenant(tenant_id).filter(is_trained=True, asked_hash__in=hashes)
    used = {bytes(one) for one in trained.values_list("asked_hash", flat=True) if one is not None}
    return [UnusedTurn(*row[:3]) for row in found if row[3] is None or bytes(row[3]) not in used]


@dataclass(frozen=True, slots=True)
class RecordedPrompt:
    """What a turn's model read, in the words of its dialect, and what it answered."""

    dialect: str
    at: datetime
    # The caller's instructions, and the skills that were put in.
    system: str
    skills: str
    messages: list[Any]
    tools: list[Any]
    user_text: str
    response_text: str


def recorded_prompt(*, tenant_id: UUID, turn_id: UUID) -> RecordedPrompt:
    """Raises TurnNotFound or RequestDamaged."""
    turn = turn_get(tenant_id=tenant_id, turn_id=turn_id)
    asked = asked_of(tenant_id=tenant_id, turn_id=turn_id)
    return RecordedPrompt(
        dialect=turn.dialect,
        at=turn.started_at,
        system=content_text(asked.system),
        skills=str(injection_of(turn).get("text") or ""),
        messages=asked.messages,
        tools=asked.tools,
        user_text=user_text_of(turn),
        response_text=turn.response_text,
    )
