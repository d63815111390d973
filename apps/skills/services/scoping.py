"""Whom a skill is for."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from apps.core.errors import NotFound
from apps.core.tenancy import tenant_tx
from apps.skills import selectors
from apps.skills.models import Skill
from apps.skills.services.generations import library_moved
from apps.skills.services.referring import refuse_bad_references
from apps.skills.skillmd import agents_of, tags_of
from apps.tenants.services import audit_record
from apps.tenants.types import Actor


def skill_scope(
    *,
    tenant_id: UUID,
    actor: Actor,
    slug: str,
    agents: Iterable[str] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Skill:
    """Say for which agents and tags a skill is; None leaves them as they are, empty means all.

    From the next generation on it leaves the prompts of others. Raises SkillInvalid.
    """
    with tenant_tx(tenant_id):
        rows = Skill.objects.for_tenant(tenant_id).filter(slug=slug)
        skill = rows.select_for_update().first()
        if skill is None:
            raise NotFound
        before = skill.agents, skill.scope_tags
        if agents is not None:
            skill.agents = list(agents_of(agents))
        if tags is not None:
            skill.scope_tags = tags_of(tags)
        if before != (skill.agents, skill.scope_tags):
            skill.save(update_fields=["agents", "scope_tags", "updated_at"])
            refuse_bad_references(tenant_id)
            library_moved(tenant_id, f"{slug} scoped")
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="skill.scoped",
                subject=slug,
                detail=_scope_in_words(skill),
            )
        return selectors.skill_get(tenant_id=tenant_id, slug=slug)


def _scope_in_words(skill: Skill) -> str:
    agents = ", ".join(skill.agents) or "all"
    tags = ", ".join(f"{name}={value}" for name, value in skill.scope_tags.items())
    return f"agents: {agents}" + (f"; tags: {tags}" if tags else "")
