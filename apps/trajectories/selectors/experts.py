"""Answers that members stand behind: those they approved, and those they wrote instead."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.trajectories.models import Score, Turn
from apps.trajectories.selectors.requests import injection_of, request_built
from apps.trajectories.selectors.turns import turn_get


@dataclass(frozen=True, slots=True)
class ExpertTurn:
    """What was asked, byte for byte, with what skills, and what a member wants answered."""

    turn_id: UUID
    dialect: str
    body: bytes
    # The block that was put into the prompt; empty without.
    skills: str
    version_ids: tuple[UUID, ...]
    # As the client would send it back; ``correction`` stands in its place where there is one.
    answer: Any
    correction: str


def expert_turns(*, tenant_id: UUID, limit: int, agent: str = "") -> list[UUID]:
    """Complete main turns that a member approved or corrected, the oldest first.

    Without those that taught a skill or trained weights.
    """
    approved = Q(turn__score=1, turn__reward_source=Score.Kind.HUMAN)
    rows = (
        Score.objects.for_tenant(tenant_id)
        .filter(approved | ~Q(correction=""), kind=Score.Kind.HUMAN)
        .filter(
            turn__kind=Turn.Kind.MAIN,
            turn__status=Turn.Status.COMPLETE,
            turn__is_repeated=False,
            turn__is_support=False,
            turn__is_trained=False,
        )
    )
    if agent:
        rows = rows.filter(turn__agent=agent)
    return list(rows.order_by("turn_id").values_list("turn_id", flat=True).distinct()[:limit])


def expert_turn(*, tenant_id: UUID, turn_id: UUID) -> ExpertTurn:
    """Of several corrections the latest counts. Raises TurnNotFound or RequestDamaged."""
    turn = turn_get(tenant_id=tenant_id, turn_id=turn_id)
    said = Score.objects.for_tenant(tenant_id).filter(turn_id=turn_id, kind=Score.Kind.HUMAN)
    corrections = said.exclude(correction="").order_by("-created_at")
    return ExpertTurn(
        turn_id=turn.id,
        dialect=turn.dialect,
        body=request_built(tenant_id=tenant_id, turn_id=turn_id).body,
        skills=str(injection_of(turn).get("text") or ""),
        version_ids=tuple(sorted(used.version_id for used in turn.skills.all())),
        answer=turn.response,
        correction=corrections.values_list("correction", flat=True).first() or "",
    )
