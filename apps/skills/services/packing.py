"""Packs that are installed in a workspace."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.skills import packs
from apps.skills.errors import SkillInvalid
from apps.skills.models import Pack, Skill
from apps.skills.services.generations import NO_TRIAL, library_moved, live_number
from apps.skills.services.publishing import skills_import
from apps.skills.skillmd import SkillDoc
from apps.skills.types import ImportResult, PackRemoved
from apps.tenants.services import audit_record
from apps.tenants.types import Actor


def library_import(
    *,
    tenant_id: UUID,
    actor: Actor,
    source: str,
    docs: Sequence[SkillDoc] = (),
    pack: packs.Pack | None = None,
    is_rehearsal: bool = False,
) -> ImportResult:
    """Import a pack, or documents. ``is_rehearsal``: everything is tried, and nothing kept."""
    with tenant_tx(tenant_id), transaction.atomic():
        if pack is not None:
            result = pack_install(tenant_id=tenant_id, actor=actor, pack=pack, source=source)
        else:
            result = skills_import(tenant_id=tenant_id, actor=actor, docs=docs, source=source)
        if is_rehearsal:
            transaction.set_rollback(True)
        return result


def pack_install(*, tenant_id: UUID, actor: Actor, pack: packs.Pack, source: str) -> ImportResult:
    """Publish a pack's skills and remember what it brought; all of it, or nothing.

    In place of an earlier version of the pack: skills that it had and this one has not are
    retired, unless somebody changed them. Raises SkillInvalid.
    """
    said = pack.manifest
    brought = {doc.slug: doc.guidance.sha256 for doc in pack.docs}
    with tenant_tx(tenant_id):
        rows = Pack.objects.for_tenant(tenant_id)
        there = set(rows.values_list("name", flat=True))
        if missing := sorted(set(said.requires) - there - {said.name}):
            names = ", ".join(missing)
            english = "{name} needs packs that are not installed: {listed}."
            needs = say("pack_needs", english, name=said.name, listed=names)
            raise SkillInvalid.of("pack", needs)
        result = skills_import(tenant_id=tenant_id, actor=actor, docs=pack.docs, source=source)
        before = rows.select_for_update().filter(name=said.name).first()
        if before is not None:
            left = {slug: sha for slug, sha in before.skills.items() if slug not in brought}
            _retire_untouched(tenant_id, said.name, left)
        Pack.objects.for_tenant(tenant_id).update_or_create(
            tenant_id=tenant_id,
            name=said.name,
            defaults={
                "version": said.version,
                "sha256": said.sha256,
                "licence": said.licence,
                "author": said.author,
                "requires": list(said.requires),
                "skills": brought,
            },
        )
        if before is None or before.sha256 != said.sha256:
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="pack.installed",
                subject=said.name,
                detail=f"version {said.version}, {len(brought)} skills",
            )
    return result


def pack_remove(*, tenant_id: UUID, actor: Actor, name: str) -> PackRemoved:
    """Forget a pack and retire its skills, but those that were changed since, or that another
    pack brought too. Raises NotFound, and SkillInvalid while another pack requires it."""
    with tenant_tx(tenant_id):
        rows = Pack.objects.for_tenant(tenant_id)
        pack = rows.select_for_update().filter(name=name).first()
        if pack is None:
            raise NotFound
        if needing := [one.name for one in rows.exclude(id=pack.id) if name in one.requires]:
            english = "{name} is required by {listed}."
            needed = say("pack_needed", english, name=name, listed=", ".join(needing))
            raise SkillInvalid.of("pack", needed)
        removed = _retire_untouched(tenant_id, name, pack.skills)
        rows.filter(id=pack.id).delete()
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="pack.removed",
            subject=name,
            detail=f"retired: {', '.join(removed.retired) or 'none'}",
        )
        return removed


def _retire_untouched(tenant_id: UUID, name: str, brought: Mapping[str, str]) -> PackRemoved:
    others = Pack.objects.for_tenant(tenant_id).exclude(name=name)
    shared = {slug for one in others for slug in one.skills}
    rows = Skill.objects.for_tenant(tenant_id).select_for_update(of=("self",))
    found = rows.filter(slug__in=list(brought), status=Skill.Status.LIVE).select_related(
        "live_version"
    )
    moves: dict[str, tuple[int | None, int | None]] = {}
    kept: list[str] = []
    for skill in found.order_by("slug"):
        assert skill.live_version is not None  # a constraint holds it
        if skill.slug in shared or skill.live_version.sha256 != brought[skill.slug]:
            kept.append(skill.slug)
        else:
            moves[skill.slug] = (live_number(skill), None)
    if moves:
        Skill.objects.for_tenant(tenant_id).filter(slug__in=list(moves)).update(
            status=Skill.Status.RETIRED, updated_at=now(), **NO_TRIAL
        )
        library_moved(tenant_id, f"{len(moves)} skills of {name} retired", moves)
    return PackRemoved(retired=list(moves), kept=kept)
