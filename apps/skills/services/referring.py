"""The door that every change of the library goes through with what its skills refer to."""

from uuid import UUID

from apps.skills.errors import SkillInvalid
from apps.skills.models import Skill, SkillVersion
from apps.skills.references import Node, problems
from apps.skills.retrieval import ALWAYS_TOKEN_BUDGET


def refuse_bad_references(tenant_id: UUID) -> None:
    """Raises SkillInvalid if a reference of a live skill, or of one on trial, does not hold:
    it is unknown, goes in a circle or too deep, or is not for everybody who gets the skill.

    For the caller's transaction, after its writes. Taking something out never needs it.
    """
    rows = Skill.objects.for_tenant(tenant_id)
    using = SkillVersion.objects.for_tenant(tenant_id).exclude(uses=[])
    if not using.exists():
        return
    skills = list(rows.select_related("live_version", "trial_version"))
    known = [skill.slug for skill in skills]
    live = {
        skill.slug: _node(skill, skill.live_version)
        for skill in skills
        if skill.status == Skill.Status.LIVE and skill.live_version is not None
    }
    found = problems(live, known, always_tokens=ALWAYS_TOKEN_BUDGET)
    for skill in skills:
        if skill.trial_version is not None:
            tried = {**live, skill.slug: _node(skill, skill.trial_version)}
            found += problems(tried, known, always_tokens=ALWAYS_TOKEN_BUDGET)
    if found:
        once = list(dict.fromkeys(found))
        raise SkillInvalid(once[0], fields={"uses": once[:20]})


def _node(skill: Skill, version: SkillVersion) -> Node:
    return Node(
        slug=skill.slug,
        uses=version.uses,
        reach=version.reach,
        tokens=version.tokens,
        agents=frozenset(skill.agents),
        scope_tags=skill.scope_tags,
    )
