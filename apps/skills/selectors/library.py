from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import directory
from apps.skills.checks import Check, verdict
from apps.skills.meaning import RECIPE
from apps.skills.models import (
    LibraryGeneration,
    Pack,
    Skill,
    SkillEmbedding,
    SkillStanding,
    SkillStat,
    SkillVersion,
)
from apps.skills.references import composed
from apps.skills.skillmd import SkillDoc
from apps.skills.types import Library, LiveSkill, SkillText, Trial

_VECTORS_AT_ONCE = 8
# What skill_carried reads: whole rows of a thousand skills hold a gateway up.
_CARRIED = (
    *("tenant_id", "slug", "source", "agents", "scope_tags"),
    *(
        f"live_version__{name}"
        for name in ("number", "description", "body", "category", "reach", "tokens", "uses")
    ),
)
_LEARNED = (Skill.Source.EVOLVED, Skill.Source.IMPORTED, Skill.Source.WRITTEN)


def skill_list(
    *, tenant_id: UUID, q: str = "", category: str = "", status: str = "", source: str = ""
) -> QuerySet[Skill]:
    """Skills with their live version and how they did."""
    skills = _with_stats(tenant_id)
    if q:
        skills = skills.filter(
            Q(slug__icontains=q)
            | Q(live_version__description__icontains=q)
            | Q(live_version__body__icontains=q)
        )
    if category:
        skills = skills.filter(live_version__category=category)
    if status:
        skills = skills.filter(status=status)
    if source:
        skills = skills.filter(source=source)
    return skills


def skill_get(*, tenant_id: UUID, slug: str) -> Skill:
    found = _with_stats(tenant_id).filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def version_list(*, tenant_id: UUID, skill_id: UUID) -> QuerySet[SkillVersion]:
    """The versions of a skill, newest first."""
    return SkillVersion.objects.for_tenant(tenant_id).filter(skill_id=skill_id).order_by("-number")


def version_get(*, tenant_id: UUID, slug: str, number: int) -> SkillVersion:
    found = (
        SkillVersion.objects.for_tenant(tenant_id).filter(skill__slug=slug, number=number).first()
    )
    if found is None:
        raise NotFound
    return found


def library_get(*, tenant_id: UUID) -> Library:
    """The live skills of the tenant: what a gateway keeps in memory."""
    plain = skills_plain(tenant_id=tenant_id)
    skills = tuple(composed(skill, plain) for skill in plain.values())
    trials = tuple(
        replace(trial, skill=composed(trial.skill, plain)) for trial in _trials(tenant_id)
    )
    versions = [skill.version_id for skill in (*skills, *(t.skill for t in trials))]
    vectors = SkillEmbedding.objects.for_tenant(tenant_id).filter(
        model=vector_model(), version_id__in=versions
    )
    standings = SkillStanding.objects.for_tenant(tenant_id).filter(version_id__in=versions)
    return Library(
        generation=generation_get(tenant_id=tenant_id),
        skills=skills,
        trials=trials,
        vectors={v.version_id: tuple(float(x) for x in v.vector) for v in vectors},
        factors=dict(standings.values_list("version_id", "factor")),
    )


def skills_plain(*, tenant_id: UUID) -> dict[str, LiveSkill]:
    """The live skills by name, each still without what it uses."""
    rows = (
        Skill.objects.for_tenant(tenant_id)
        .filter(status=Skill.Status.LIVE)
        .select_related("live_version")
        .only(*_CARRIED)
        .order_by("slug")
    )
    return {row.slug: skill_carried(row, row.live_version) for row in rows}


def vector_model() -> str:
    """The name under which vectors are kept: of the model, and of what is made of its vectors."""
    return f"{settings.METACLAW_EMBEDDINGS_MODEL}#{RECIPE}"


def versions_without_vector(*, tenant_id: UUID) -> list[SkillVersion]:
    """Some of the live versions that have no vector of the present model."""
    live = Skill.objects.for_tenant(tenant_id).filter(status=Skill.Status.LIVE)
    made = SkillEmbedding.objects.for_tenant(tenant_id).filter(model=vector_model())
    on_trial = Skill.objects.for_tenant(tenant_id).filter(trial_id__isnull=False)
    versions = SkillVersion.objects.for_tenant(tenant_id).filter(
        Q(id__in=live.values("live_version")) | Q(id__in=on_trial.values("trial_version"))
    )
    return list(versions.exclude(id__in=made.values("version")).order_by("id")[:_VECTORS_AT_ONCE])


def tenants_without_vectors() -> list[UUID]:
    """Workspaces with a live version that has no vector of the present model."""
    with directory():
        made = SkillEmbedding.objects.across_tenants().filter(
            version=OuterRef("live_version"), model=vector_model()
        )
        live = Skill.objects.across_tenants().filter(~Exists(made), status=Skill.Status.LIVE)
        return list(live.order_by().values_list("tenant_id", flat=True).distinct())


def generation_get(*, tenant_id: UUID) -> int:
    newest = LibraryGeneration.objects.for_tenant(tenant_id).order_by("-number").first()
    return newest.number if newest else 0


def generation_list(*, tenant_id: UUID) -> QuerySet[LibraryGeneration]:
    """The states of the library."""
    return LibraryGeneration.objects.for_tenant(tenant_id)


def library_counts(*, tenant_id: UUID) -> tuple[int, int]:
    """How many skills are live, and how many of them were learned from turns."""
    live = Skill.objects.for_tenant(tenant_id).filter(status=Skill.Status.LIVE)
    counted = live.aggregate(
        live=Count("id"), learned=Count("id", filter=Q(source=Skill.Source.EVOLVED))
    )
    return counted["live"], counted["learned"]


def skill_text_find(*, tenant_id: UUID, slug: str) -> SkillText | None:
    """The live text of a skill by name; None for a retired one."""
    return next(iter(skill_texts(tenant_id=tenant_id, slugs=[slug])), None)


def skill_texts(*, tenant_id: UUID, slugs: Collection[str]) -> list[SkillText]:
    rows = (
        Skill.objects.for_tenant(tenant_id)
        .filter(slug__in=slugs, status=Skill.Status.LIVE)
        .select_related("live_version")
        .order_by("slug")
    )
    return [_text_of(row, row.live_version) for row in rows if row.live_version is not None]


def version_texts(*, tenant_id: UUID, version_ids: Collection[UUID]) -> list[SkillText]:
    """The texts of these versions, live or not; those that are not there are left out."""
    rows = SkillVersion.objects.for_tenant(tenant_id).filter(id__in=version_ids)
    found = rows.select_related("skill").order_by("skill__slug", "number")
    return [_text_of(row.skill, row) for row in found]


def _text_of(skill: Skill, version: SkillVersion) -> SkillText:
    return SkillText(
        skill_id=skill.id,
        version_id=version.id,
        slug=skill.slug,
        version=version.number,
        text=version.text,
        sha256=version.sha256,
    )


def _trials(tenant_id: UUID) -> tuple[Trial, ...]:
    rows = (
        Skill.objects.for_tenant(tenant_id)
        .filter(trial_id__isnull=False)
        .select_related("trial_version")
        .order_by("slug")
    )
    return tuple(
        Trial(
            id=row.trial_id,
            share=row.trial_share,
            skill=skill_carried(row, row.trial_version),
            instead_of=row.live_version_id if row.status == Skill.Status.LIVE else None,
        )
        for row in rows
        if row.trial_id is not None
    )


def skill_carried(row: Skill, version: SkillVersion | None) -> LiveSkill:
    """A version as prompts carry it, still without what it uses."""
    assert version is not None  # a constraint holds it
    return LiveSkill(
        version_id=version.id,
        slug=row.slug,
        version=version.number,
        description=version.description,
        body=version.body,
        category=version.category,
        reach=version.reach,
        tokens=version.tokens,
        learned=row.source in _LEARNED,
        agents=frozenset(row.agents),
        scope_tags=row.scope_tags,
        uses=tuple(version.uses),
    )


def _with_stats(tenant_id: UUID) -> QuerySet[Skill]:
    stats = SkillStat.objects.for_tenant(tenant_id).filter(version__skill_id=OuterRef("id"))

    def total(field: str, since: timedelta | None = None) -> Coalesce:
        rows = stats.filter(hour__gt=now() - since) if since else stats
        summed = rows.order_by().values("version__skill_id").annotate(n=Sum(F(field))).values("n")
        return Coalesce(Subquery(summed), 0)

    return (
        Skill.objects.for_tenant(tenant_id)
        .select_related("live_version", "trial_version")
        .annotate(
            uses_total=total("uses"),
            uses_24h=total("uses", timedelta(hours=24)),
            passed=total("passed"),
            failed=total("failed"),
        )
    )


def version_text(*, tenant_id: UUID, version_id: UUID) -> str | None:
    """The text of one version by id."""
    rows = SkillVersion.objects.for_tenant(tenant_id).filter(id=version_id)
    return rows.values_list("text", flat=True).first()


def trial_exists(*, tenant_id: UUID, trial_id: UUID) -> bool:
    """Whether that trial still runs."""
    return Skill.objects.for_tenant(tenant_id).filter(trial_id=trial_id).exists()


def pack_list(*, tenant_id: UUID) -> QuerySet[Pack]:
    """The packs that are installed."""
    return Pack.objects.for_tenant(tenant_id)


def references_check(*, tenant_id: UUID, doc: SkillDoc) -> Check:
    """What is to be said of the skills that a text uses; beside the checks of the text alone."""
    live = Skill.objects.for_tenant(tenant_id).filter(status=Skill.Status.LIVE, slug__in=doc.uses)
    found = set(live.values_list("slug", flat=True))
    absent: list[str] = [
        say("check_reference", "It uses {slug}, which is not live.", slug=slug)
        for slug in doc.uses
        if slug not in found
    ]
    return verdict("references", "warn", absent, "Every skill that it uses is live.")
