from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max
from django.db.models.functions import Greatest

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.core.text import estimate_tokens
from apps.integrations.embeddings.client import embed, is_configured
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors
from apps.skills.errors import SkillChanged, SkillExists, SkillInvalid
from apps.skills.lint import has_failures, lint
from apps.skills.meaning import skill_texts, together
from apps.skills.models import LibraryGeneration, Skill, SkillEmbedding, SkillStat, SkillVersion
from apps.skills.skillmd import SkillDoc, agents_of, parse, tags_of
from apps.skills.types import ImportResult
from apps.tenants.services import audit_record, config_changed
from apps.tenants.types import SYSTEM, Actor

EMBED_KIND = "skills.embed"


def skill_create(*, tenant_id: UUID, actor: Actor, text: str) -> Skill:
    """A person writes a new skill: live at once. Raises SkillInvalid, SkillExists."""
    doc = parse(text)
    with tenant_tx(tenant_id):
        if Skill.objects.for_tenant(tenant_id).filter(slug=doc.slug).exists():
            raise SkillExists(f"There is a skill called {doc.slug} already: edit that one.")
        return skill_publish(tenant_id=tenant_id, actor=actor, doc=doc, source=Skill.Source.WRITTEN)


def skill_edit(*, tenant_id: UUID, actor: Actor, slug: str, text: str, sha256: str) -> Skill:
    """A person replaces the live text they read, named by its hash.

    Raises SkillChanged when the live text is another one by now, SkillInvalid.
    """
    doc = parse(text)
    with tenant_tx(tenant_id):
        current = selectors.skill_text_find(tenant_id=tenant_id, slug=slug)
        if current is None or current.sha256 != sha256:
            selectors.skill_get(tenant_id=tenant_id, slug=slug)
            raise SkillChanged("This skill changed since you read it. Read it again.")
        if doc.slug != slug:
            raise SkillInvalid(
                "A skill keeps its name.", fields={"name": [f"must stay {slug} here"]}
            )
        return skill_publish(tenant_id=tenant_id, actor=actor, doc=doc, source=Skill.Source.WRITTEN)


def skill_publish(
    *,
    tenant_id: UUID,
    actor: Actor,
    doc: SkillDoc,
    source: str,
    note: str = "",
    is_noted: bool = True,
) -> Skill:
    """Make this exact text the live version of its skill.

    The checks run here, whatever they said earlier: nothing unchecked goes live.
    Publishing the text that is live already changes nothing. ``is_noted``: in the audit log;
    a caller that notes the decision behind it says no.
    """
    _refuse_unsafe(doc)
    with tenant_tx(tenant_id):
        if _write(tenant_id, actor, doc, source, note):
            _library_changed(tenant_id, f"{doc.slug} published")
            if is_noted:
                audit_record(
                    tenant_id=tenant_id,
                    actor=actor,
                    action="skill.published",
                    subject=doc.slug,
                    detail=note,
                )
        return selectors.skill_get(tenant_id=tenant_id, slug=doc.slug)


def skills_import(
    *, tenant_id: UUID, actor: Actor, docs: Sequence[SkillDoc], source: str
) -> ImportResult:
    """Publish many documents at once: all of them, or none if one fails its checks."""
    for doc in docs:
        _refuse_unsafe(doc)
    result = ImportResult([], [], [])
    with tenant_tx(tenant_id):
        existing = set(
            Skill.objects.for_tenant(tenant_id)
            .filter(slug__in=[doc.slug for doc in docs])
            .values_list("slug", flat=True)
        )
        for doc in docs:
            if not _write(tenant_id, actor, doc, source, "imported"):
                result.unchanged.append(doc.slug)
            elif doc.slug in existing:
                result.revised.append(doc.slug)
            else:
                result.created.append(doc.slug)
        changed = len(result.created) + len(result.revised)
        if changed:
            _library_changed(tenant_id, f"{changed} skills imported")
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="skills.imported",
                subject=f"{changed} skills",
                detail=", ".join([*result.created, *result.revised]),
            )
    return result


def vectors_make(*, run: JobRun) -> None:
    """Give every live version that lacks its vector one, some at a time.

    Makes network calls: no transaction may be open. Raises UpstreamFailed.
    """
    while True:
        with tenant_tx(run.tenant_id):
            wanted = selectors.versions_without_vector(tenant_id=run.tenant_id)
        if not wanted:
            return
        texts = [skill_texts(version.description, version.body) for version in wanted]
        vectors = iter(embed([text for some in texts for text in some]))
        made = [together([next(vectors) for _ in some]) for some in texts]
        with run.effect():
            SkillEmbedding.objects.bulk_create(
                [
                    SkillEmbedding(
                        tenant_id=run.tenant_id,
                        version=version,
                        model=selectors.vector_model(),
                        vector=vector,
                    )
                    for version, vector in zip(wanted, made, strict=True)
                ],
                # Another worker may have done the same; the vectors are no different.
                ignore_conflicts=True,
            )
            config_changed(tenant_id=run.tenant_id)


def vectors_sweep() -> None:
    """Ask for the vectors that are missing: embeddings may have come later than the skills."""
    if is_configured():
        for tenant_id in selectors.tenants_without_vectors():
            _ask_for_vectors(tenant_id)


def skill_retire(*, tenant_id: UUID, actor: Actor, slug: str) -> Skill:
    """Take a skill out of every prompt. Retiring twice changes nothing."""
    with tenant_tx(tenant_id):
        skill = selectors.skill_get(tenant_id=tenant_id, slug=slug)
        if skill.status == Skill.Status.LIVE:
            Skill.objects.for_tenant(tenant_id).filter(id=skill.id).update(
                status=Skill.Status.RETIRED, updated_at=now()
            )
            _library_changed(tenant_id, f"{slug} retired")
            audit_record(tenant_id=tenant_id, actor=actor, action="skill.retired", subject=slug)
        return selectors.skill_get(tenant_id=tenant_id, slug=slug)


def skill_activate(*, tenant_id: UUID, actor: Actor, slug: str, number: int) -> Skill:
    """Make a version the live one: rolls back, forward, or brings a retired skill back."""
    with tenant_tx(tenant_id):
        version = selectors.version_get(tenant_id=tenant_id, slug=slug, number=number)
        _refuse_unsafe(parse(version.text))
        Skill.objects.for_tenant(tenant_id).filter(id=version.skill_id).update(
            status=Skill.Status.LIVE, live_version=version, updated_at=now()
        )
        _library_changed(tenant_id, f"{slug} version {number} activated")
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="skill.activated",
            subject=slug,
            detail=f"version {number}",
        )
        return selectors.skill_get(tenant_id=tenant_id, slug=slug)


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
            _library_changed(tenant_id, f"{slug} scoped")
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


def skills_used(*, tenant_id: UUID, version_ids: Iterable[UUID], at: datetime) -> None:
    """Count a turn that carried these versions, in the transaction that records the turn."""
    _count(tenant_id, version_ids, at, "uses")


def skills_scored(
    *,
    tenant_id: UUID,
    version_ids: Collection[UUID],
    at: datetime,
    value: int | None,
    before: int | None = None,
) -> None:
    """Count how a turn went that carried these versions; 0 counts for neither side.

    ``before`` is how it was counted until now, which is taken back.
    """
    for outcome, by in ((before, -1), (value, 1)):
        if outcome:
            _count(tenant_id, version_ids, at, "passed" if outcome > 0 else "failed", by)


def _refuse_unsafe(doc: SkillDoc) -> None:
    checks = lint(doc)
    if has_failures(checks):
        failed = [check.message for check in checks if check.level == "fail"]
        raise SkillInvalid(f"{doc.slug} does not pass its checks.", fields={"text": failed})


def _write(tenant_id: UUID, actor: Actor, doc: SkillDoc, source: str, note: str) -> bool:
    """Store the document as the live version; False if it is that already.

    Whom it is for stays as it is if the document says nothing of it.
    """
    agents, doc = doc.agents, doc.guidance
    skill, _ = (
        Skill.objects.for_tenant(tenant_id)
        .select_for_update()
        .get_or_create(
            tenant_id=tenant_id,
            slug=doc.slug,
            defaults={"source": source, "status": Skill.Status.RETIRED},
        )
    )
    is_scoped = agents is not None and list(agents) != skill.agents
    if agents is not None:
        skill.agents = list(agents)
    live = skill.live_version
    if live is not None and live.sha256 == doc.sha256 and skill.status == Skill.Status.LIVE:
        if is_scoped:
            skill.save(update_fields=["agents", "updated_at"])
        return is_scoped
    versions = SkillVersion.objects.for_tenant(tenant_id).filter(skill=skill)
    version = versions.filter(sha256=doc.sha256).first()
    if version is None:
        newest = versions.aggregate(newest=Max("number"))["newest"] or 0
        version = SkillVersion.objects.create(
            id=uuid7(),
            tenant_id=tenant_id,
            skill=skill,
            number=newest + 1,
            text=doc.text,
            sha256=doc.sha256,
            description=doc.description,
            category=doc.category,
            reach=doc.reach,
            body=doc.body,
            tokens=estimate_tokens(doc.body),
            author=actor.label,
            source=source,
            note=note[:300],
        )
    skill.live_version = version
    skill.status = Skill.Status.LIVE
    if source != Skill.Source.BANK:
        skill.source = source
    skill.save()
    return True


def _library_changed(tenant_id: UUID, reason: str) -> None:
    """Move the generation and have every gateway load the library anew."""
    # The tenant's row, which config_changed locks, serialises the numbers.
    config_changed(tenant_id=tenant_id)
    number = selectors.generation_get(tenant_id=tenant_id) + 1
    LibraryGeneration.objects.create(tenant_id=tenant_id, number=number, reason=reason[:120])
    publish_on_commit(tenant_id, Changed("skills.skill", str(number), reason.rpartition(" ")[2]))
    if is_configured():
        _ask_for_vectors(tenant_id)


def _ask_for_vectors(tenant_id: UUID) -> None:
    job_enqueue(tenant_id=tenant_id, kind=EMBED_KIND, payload={}, dedupe_key="live")


def _count(
    tenant_id: UUID, version_ids: Iterable[UUID], at: datetime, field: str, by: int = 1
) -> None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    times = Counter(version_ids)
    known = SkillVersion.objects.for_tenant(tenant_id).filter(id__in=list(times))
    for version_id in known.values_list("id", flat=True).order_by("id"):
        rows = SkillStat.objects.for_tenant(tenant_id).filter(version_id=version_id, hour=hour)
        more = Greatest(F(field) + by * times[version_id], 0)
        if not rows.update(**{field: more}) and by > 0:
            SkillStat.objects.bulk_create(
                [SkillStat(tenant_id=tenant_id, version_id=version_id, hour=hour)],
                ignore_conflicts=True,
            )
            rows.update(**{field: more})


def bank_install(*, tenant_id: UUID, docs: Sequence[SkillDoc]) -> ImportResult:
    """Put the built-in bank into a workspace."""
    return skills_import(tenant_id=tenant_id, actor=SYSTEM, docs=docs, source=Skill.Source.BANK)
