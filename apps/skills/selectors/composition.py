"""Which skill uses which, as far as it matters for prompts."""

from collections.abc import Mapping
from uuid import UUID

from apps.skills.models import Skill
from apps.skills.references import composed, covers
from apps.skills.selectors.library import skills_plain
from apps.skills.types import Composition, LinkedSkill, LiveSkill, Reference

MISSING, RETIRED, NOT_FOR_ALL = "missing", "retired", "not_for_all"


def composition_get(*, tenant_id: UUID) -> Composition:
    """The references of the live skills: those that hold, and those of which nothing comes."""
    live = skills_plain(tenant_id=tenant_id)
    pairs = [(skill, slug) for skill in live.values() for slug in skill.uses]
    absent = {slug for _, slug in pairs if slug not in live}
    retired = {
        row.slug: row
        for row in Skill.objects.for_tenant(tenant_id)
        .filter(slug__in=absent)
        .select_related("live_version")
    }
    names = sorted({skill.slug for skill, _ in pairs} | {slug for _, slug in pairs})
    return Composition(
        skills=[_linked(name, live, retired.get(name)) for name in names],
        references=[
            Reference(skill.slug, slug, _trouble(skill, live.get(slug), is_retired=slug in retired))
            for skill, slug in pairs
        ],
        alone=sum(1 for slug in live if slug not in names),
    )


def _trouble(skill: LiveSkill, used: LiveSkill | None, *, is_retired: bool) -> str:
    if used is None:
        return RETIRED if is_retired else MISSING
    return "" if covers(used, skill) else NOT_FOR_ALL


def _linked(name: str, live: Mapping[str, LiveSkill], retired: Skill | None) -> LinkedSkill:
    if skill := live.get(name):
        together = composed(skill, live).tokens
        return LinkedSkill(
            name, "live", skill.version, skill.reach, skill.tokens, tokens_together=together
        )
    version = retired.live_version if retired else None
    if version is None:
        # One that was never live is as good as none.
        return LinkedSkill(name, RETIRED if retired else MISSING, None, "relevant", 0, 0)
    tokens = version.tokens
    return LinkedSkill(name, RETIRED, version.number, version.reach, tokens, tokens)
