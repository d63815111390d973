"""What skills put into a prompt with a text and without it, put together as a gateway does it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.core.ids import uuid7
from apps.core.text import estimate_tokens
from apps.skills.injection_text import render_block
from apps.skills.models import Skill, SkillVersion
from apps.skills.references import composed, told_once
from apps.skills.selectors.library import skill_carried, skills_plain
from apps.skills.skillmd import SkillDoc
from apps.skills.types import LiveSkill


@dataclass(frozen=True, slots=True)
class BothBlocks:
    """The block of a prompt without a text, and with it."""

    without: str
    with_text: str


def blocks_with_and_without(
    *, tenant_id: UUID, version_ids: Sequence[UUID], doc: SkillDoc
) -> BothBlocks | None:
    """Of a prompt that carries these versions; None where one of them is not there any more.

    With: the text stands in the place of any other version of its skill, also where others use
    it; or behind them all. Without: exactly that text is nowhere; another version of its skill
    stays. What the skills use is that of now, as it is for every session.
    """
    rows = {
        row.id: row
        for row in SkillVersion.objects.for_tenant(tenant_id)
        .filter(id__in=version_ids)
        .select_related("skill")
    }
    if any(version_id not in rows for version_id in version_ids):
        return None
    had = [skill_carried(rows[one].skill, rows[one]) for one in version_ids]
    live = skills_plain(tenant_id=tenant_id)
    tried = _as_carried(tenant_id, doc)
    others = [tried if one.slug == doc.slug else one for one in had]
    return BothBlocks(
        without=_block(
            (one for one in had if not _is_text(one, doc)),
            {slug: one for slug, one in live.items() if not _is_text(one, doc)},
        ),
        with_text=_block(
            others if tried in others else [*others, tried], {**live, doc.slug: tried}
        ),
    )


def _block(skills: Iterable[LiveSkill], live: Mapping[str, LiveSkill]) -> str:
    return render_block(told_once(composed(one, live) for one in skills))


def _is_text(skill: LiveSkill, doc: SkillDoc) -> bool:
    """Whether prompts carry the same of both; of a skill that is still without what it uses."""
    return (skill.slug, skill.body, skill.uses) == (doc.slug, doc.body, doc.uses)


def _as_carried(tenant_id: UUID, doc: SkillDoc) -> LiveSkill:
    """A text as if it were a version: for whom its skill is, or the file says, or for all."""
    row = Skill.objects.for_tenant(tenant_id).filter(slug=doc.slug).first()
    return LiveSkill(
        version_id=uuid7(),
        slug=doc.slug,
        version=0,
        description=doc.description,
        body=doc.body,
        category=doc.category,
        reach=doc.reach,
        tokens=estimate_tokens(doc.body),
        learned=True,
        agents=frozenset(doc.agents or (row.agents if row else ())),
        scope_tags=row.scope_tags if row else {},
        uses=doc.uses,
    )
