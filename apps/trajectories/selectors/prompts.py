"""Recorded prompts that nothing was learned from yet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.core.asked import asked_body
from apps.core.chat import content_text
from apps.trajectories.models import Turn
from apps.trajectories.months import first_id
from apps.trajectories.selectors.requests import injection_of, request_built
from apps.trajectories.selectors.turns import turn_get, user_text_of


@dataclass(frozen=True, slots=True)
class UnusedTurn:
    turn_id: UUID
    session_id: UUID
    user_text: str
    # Requests with the same conversation share it.
    asked_hash: bytes | None


def turns_unused(
    *, tenant_id: UUID, since: datetime, limit: int, agent: str = "", served_model: str = ""
) -> list[UnusedTurn]:
    """Complete main turns that neither taught a skill nor trained weights, latest first.

    Another turn with the same prompt may have. ``agent`` and ``served_model``: of these alone.
    """
    rows = Turn.objects.for_tenant(tenant_id).filter(
        id__gte=first_id(since),
        kind=Turn.Kind.MAIN,
        status=Turn.Status.COMPLETE,
        is_repeated=False,
        is_rollout=False,
        is_support=False,
        is_trained=False,
    )
    if agent:
        rows = rows.filter(agent=agent)
    if served_model:
        rows = rows.filter(served_model=served_model)
    found = (
        rows.exclude(user_text="")
        .order_by("-id")
        .values_list("id", "session_id", "user_text", "asked_hash")[:limit]
    )
    return [
        UnusedTurn(turn_id, session_id, user_text, None if asked is None else bytes(asked))
        for turn_id, session_id, user_text, asked in found
    ]


@dataclass(frozen=True, slots=True)
class AskedPrompt:
    """What a user asked for; ``asked_hash`` as in :class:`UnusedTurn`."""

    turn_id: UUID
    user_text: str
    asked_hash: bytes | None
    is_support: bool
    is_simulated: bool


def prompts_asked(
    *, tenant_id: UUID, since: datetime, limit: int, agent: str = ""
) -> list[AskedPrompt]:
    """Prompts of main turns that were answered whole, latest first; of one agent, where it is
    named. Not those that were played, nor attempts before the last."""
    rows = Turn.objects.for_tenant(tenant_id).filter(
        id__gte=first_id(since),
        kind=Turn.Kind.MAIN,
        status=Turn.Status.COMPLETE,
        dialect__in=("openai", "anthropic", "responses"),
        is_repeated=False,
        is_rollout=False,
    )
    if agent:
        rows = rows.filter(agent=agent)
    found = (
        rows.exclude(user_text="")
        .order_by("-id")
        .values_list("id", "user_text", "asked_hash", "is_support", "is_simulated")[:limit]
    )
    return [
        AskedPrompt(turn_id, text, None if asked is None else bytes(asked), support, simulated)
        for turn_id, text, asked, support, simulated in found
    ]


@dataclass(frozen=True, slots=True)
class RecordedPrompt:
    """What a turn's model read, in the words of its dialect, and what it answered."""

    dialect: str
    at: datetime
    # The caller's instructions, and the skills that were put in.
    system: str
    skills: str
    # As it was sent, byte for byte.
    body: bytes
    user_text: str
    response_text: str


def recorded_prompt(*, tenant_id: UUID, turn_id: UUID) -> RecordedPrompt:
    """Raises TurnNotFound or RequestDamaged."""
    turn = turn_get(tenant_id=tenant_id, turn_id=turn_id)
    body = request_built(tenant_id=tenant_id, turn_id=turn_id).body
    return RecordedPrompt(
        dialect=turn.dialect,
        at=turn.started_at,
        system=content_text(asked_body(turn.dialect, body).system),
        skills=str(injection_of(turn).get("text") or ""),
        body=body,
        user_text=user_text_of(turn),
        response_text=turn.response_text,
    )
