"""The kill switch: out of every prompt now, and what it was in."""

from uuid import UUID

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.models import Canary
from apps.evolution.services.canary.starting import canary_end
from apps.skills import services as library
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories.selectors import skill_reach
from apps.trajectories.types import SkillReach


def skill_kill(*, tenant_id: UUID, actor: Actor, slug: str, reason: str) -> SkillReach:
    """Take a skill out of every prompt, its version on trial too, and say which turns had it.

    Safe to repeat. A session that carries it goes on without it from its next request. Raises
    NotFound.
    """
    with tenant_tx(tenant_id):
        for canary in selectors.canary_list(tenant_id=tenant_id, slug=slug, status="running"):
            canary_end(
                canary,
                Canary.Status.STOPPED,
                say("killed_by", "Killed by {who}.", who=actor.label),
                actor=actor,
            )
        library.skill_retire(tenant_id=tenant_id, actor=actor, slug=slug)
        reach = skill_reach(tenant_id=tenant_id, slug=slug)
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="skill.killed",
            subject=slug,
            detail=f"{reason} It was in {reach.turns} turns of {reach.sessions} sessions.",
        )
        return reach
