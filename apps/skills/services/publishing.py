"""What is in prompts, and how it gets there: publishing, retiring, activating, importing."""

from collections.abc import Sequence
from uuid import UUID

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.skills import selectors
from apps.skills.errors import SkillChanged, SkillExists, SkillInvalid
from apps.skills.lint import refuse_unsafe
from apps.skills.models import Skill
from apps.skills.services.generations import NO_TRIAL, library_moved, live_number
from apps.skills.services.referring import refuse_bad_references
from apps.skills.services.writing import skill_row, version_row
from apps.skills.skillmd import SkillDoc, parse
from apps.skills.types import ImportResult
from apps.tenants.services import audit_record
from apps.tenants.types import SYSTEM, Actor


def skill_create(*, tenant_id: UUID, actor: Actor, text: str) -> Skill:
    """A person writes a new skill: live at once. Raises SkillInvalid, SkillExists."""
    doc = parse(text)
    with tenant_tx(tenant_id):
        if Skill.objects.for_tenant(tenant_id).filter(slug=doc.slug).exists():
            english = "There is a skill called {slug} already: edit that one."
            raise SkillExists(say("skill_exists", english, slug=doc.slug))
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
            english = "This skill changed since you read it. Read it again."
            raise SkillChanged(say("skill_changed", english))
        if doc.slug != slug:
            english = "A skill keeps its name, which is {slug} here."
            raise SkillInvalid.of("name", say("skill_keeps_name", english, slug=slug))
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
    refuse_unsafe(doc)
    with tenant_tx(tenant_id):
        move = _write(tenant_id, actor, doc, source, note)
        if move:
            refuse_bad_references(tenant_id)
            library_moved(tenant_id, f"{doc.slug} published", {doc.slug: move})
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
        refuse_unsafe(doc)
    result = ImportResult([], [], [])
    with tenant_tx(tenant_id):
        existing = set(
            Skill.objects.for_tenant(tenant_id)
            .filter(slug__in=[doc.slug for doc in docs])
            .values_list("slug", flat=True)
        )
        moves: dict[str, Move] = {}
        for doc in docs:
            move = _write(tenant_id, actor, doc, source, "imported")
            if not move:
                result.unchanged.append(doc.slug)
                continue
            moves[doc.slug] = (moves.get(doc.slug, move)[0], move[1])
            if doc.slug in existing:
                result.revised.append(doc.slug)
            else:
                result.created.append(doc.slug)
        changed = len(result.created) + len(result.revised)
        if changed:
            refuse_bad_references(tenant_id)
            library_moved(tenant_id, f"{changed} skills imported", moves)
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="skills.imported",
                subject=f"{changed} skills",
                detail=", ".join([*result.created, *result.revised]),
            )
    return result


def skill_retire(*, tenant_id: UUID, actor: Actor, slug: str) -> Skill:
    """Take a skill out of every prompt, its version on trial too. Twice changes nothing."""
    with tenant_tx(tenant_id):
        skill = selectors.skill_get(tenant_id=tenant_id, slug=slug)
        if take_out(skill, f"{slug} retired"):
            audit_record(tenant_id=tenant_id, actor=actor, action="skill.retired", subject=slug)
        return selectors.skill_get(tenant_id=tenant_id, slug=slug)


def take_out(skill: Skill, reason: str) -> bool:
    """Out of every prompt, in the caller's transaction; False if it was in none."""
    present = live_number(skill)
    if present is None and skill.trial_id is None:
        return False
    Skill.objects.for_tenant(skill.tenant_id).filter(id=skill.id).update(
        status=Skill.Status.RETIRED, updated_at=now(), **NO_TRIAL
    )
    library_moved(skill.tenant_id, reason, {skill.slug: (present, None)})
    return True


def skill_activate(*, tenant_id: UUID, actor: Actor, slug: str, number: int) -> Skill:
    """Make a version the live one: rolls back, forward, or brings a retired skill back.

    A trial of the skill ends: it was one against the version that is live no more.
    """
    with tenant_tx(tenant_id):
        skill = selectors.skill_get(tenant_id=tenant_id, slug=slug)
        version = selectors.version_get(tenant_id=tenant_id, slug=slug, number=number)
        refuse_unsafe(parse(version.text))
        Skill.objects.for_tenant(tenant_id).filter(id=version.skill_id).update(
            status=Skill.Status.LIVE, live_version=version, updated_at=now(), **NO_TRIAL
        )
        refuse_bad_references(tenant_id)
        move = (live_number(skill), number)
        library_moved(tenant_id, f"{slug} version {number} activated", {slug: move})
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="skill.activated",
            subject=slug,
            detail=f"version {number}",
        )
        return selectors.skill_get(tenant_id=tenant_id, slug=slug)


# What was live before and what is live after, by number.
Move = tuple[int | None, int | None]


def _write(tenant_id: UUID, actor: Actor, doc: SkillDoc, source: str, note: str) -> Move | None:
    """Store the document as the live version; None if it is that already.

    Whom it is for stays as it is if the document says nothing of it.
    """
    agents, doc = doc.agents, doc.guidance
    skill = skill_row(tenant_id, doc.slug, source)
    is_scoped = agents is not None and list(agents) != skill.agents
    if agents is not None:
        skill.agents = list(agents)
    before, live = live_number(skill), skill.live_version
    if before is not None and live is not None and live.sha256 == doc.sha256:
        if is_scoped:
            skill.save(update_fields=["agents", "updated_at"])
        return (before, before) if is_scoped else None
    version = version_row(skill, actor, doc, source, note)
    skill.live_version = version
    skill.status = Skill.Status.LIVE
    if source != Skill.Source.BANK:
        skill.source = source
    # A version on trial was one against the text that is live no more.
    skill.trial_version = skill.trial_id = None
    skill.trial_share = 0.0
    skill.save()
    return before, version.number


def bank_install(*, tenant_id: UUID, docs: Sequence[SkillDoc]) -> ImportResult:
    """Put the built-in bank into a workspace."""
    return skills_import(tenant_id=tenant_id, actor=SYSTEM, docs=docs, source=Skill.Source.BANK)
