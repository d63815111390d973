"""The rows of skills and their texts, before anything is said about prompts."""

from uuid import UUID

from django.db.models import Max

from apps.core.ids import uuid7
from apps.core.text import estimate_tokens
from apps.skills.models import Skill, SkillVersion
from apps.skills.skillmd import SkillDoc
from apps.tenants.types import Actor


def skill_row(tenant_id: UUID, slug: str, source: str) -> Skill:
    """The skill of that name, locked until the transaction ends; a new one is in no prompt."""
    skill, _ = (
        Skill.objects.for_tenant(tenant_id)
        .select_for_update()
        .get_or_create(
            tenant_id=tenant_id,
            slug=slug,
            defaults={"source": source, "status": Skill.Status.RETIRED},
        )
    )
    return skill


def version_row(skill: Skill, actor: Actor, doc: SkillDoc, source: str, note: str) -> SkillVersion:
    """The version that says exactly this: the one there is, or a new one."""
    versions = SkillVersion.objects.for_tenant(skill.tenant_id).filter(skill=skill)
    version = versions.filter(sha256=doc.sha256).first()
    if version is not None:
        return version
    newest = versions.aggregate(newest=Max("number"))["newest"] or 0
    return SkillVersion.objects.create(
        id=uuid7(),
        tenant_id=skill.tenant_id,
        skill=skill,
        number=newest + 1,
        text=doc.text,
        sha256=doc.sha256,
        description=doc.description,
        category=doc.category,
        reach=doc.reach,
        body=doc.body,
        uses=list(doc.uses),
        tokens=estimate_tokens(doc.body),
        author=actor.label,
        source=source,
        note=note[:300],
    )
