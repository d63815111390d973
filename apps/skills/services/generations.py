"""The states of a library, one number each, and the way back to an earlier one."""

from collections.abc import Mapping
from uuid import UUID

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors
from apps.skills.errors import GenerationUnknown
from apps.skills.lint import refuse_unsafe
from apps.skills.models import LibraryGeneration, Skill, SkillVersion
from apps.skills.services.referring import refuse_bad_references
from apps.skills.services.vectors import vectors_request
from apps.skills.skillmd import parse
from apps.skills.types import LibraryRestored
from apps.tenants.services import audit_record, config_changed
from apps.tenants.types import Actor

# The live version of a skill before and after, by number; None is "not in prompts".
Moves = Mapping[str, tuple[int | None, int | None]]


def library_moved(tenant_id: UUID, reason: str, moves: Moves | None = None) -> int:
    """Begin a new generation and have every gateway load the library anew.

    For the caller's transaction. ``moves``: what changed about which versions are live, by
    slug; that is what :func:`library_restore` undoes. Answers with the new number.
    """
    # The tenant's row, which config_changed locks, serialises the numbers.
    config_changed(tenant_id=tenant_id)
    number = selectors.generation_get(tenant_id=tenant_id) + 1
    LibraryGeneration.objects.create(
        tenant_id=tenant_id,
        number=number,
        reason=reason[:120],
        moves={slug: list(move) for slug, move in (moves or {}).items()},
    )
    publish_on_commit(tenant_id, Changed("skills.skill", str(number), reason.rpartition(" ")[2]))
    vectors_request(tenant_id)
    return number


def library_restore(*, tenant_id: UUID, actor: Actor, number: int) -> LibraryRestored:
    """Make live exactly the versions that were live at generation ``number``.

    A new generation, never a rewritten history: restoring can be undone the same way. Whom a
    skill is for stays as it is now; running trials end. Restoring the present state changes
    nothing. Raises GenerationUnknown, and SkillInvalid if a version of then does not pass
    the checks of now.
    """
    with tenant_tx(tenant_id):
        # Locks the tenant's row: nothing is published between what is read and what is done.
        config_changed(tenant_id=tenant_id)
        rows = LibraryGeneration.objects.for_tenant(tenant_id)
        if not rows.filter(number=number).exists():
            english = "There is no generation {number} of this library."
            raise GenerationUnknown(say("generation_unknown", english, number=number))
        later = list(rows.filter(number__gt=number).order_by("number"))
        # What a skill was before its first move since then is what it was then.
        then: dict[str, int | None] = {}
        for row in later:
            if row.moves is None:
                english = (
                    "Generation {number} is older than the record of what changed: activate the"
                    " versions you want one by one."
                )
                raise GenerationUnknown(say("generation_old", english, number=number))
            for slug, (before, _) in row.moves.items():
                then.setdefault(slug, before)
        moves = _put_back(tenant_id, then)
        if not moves:
            return LibraryRestored(selectors.generation_get(tenant_id=tenant_id), {})
        refuse_bad_references(tenant_id)
        made = library_moved(tenant_id, f"generation {number} restored", moves)
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="library.restored",
            subject=f"generation {number}",
            detail=", ".join(f"{slug} {_in_words(*move)}" for slug, move in moves.items()),
        )
        return LibraryRestored(made, moves)


def _put_back(
    tenant_id: UUID, then: Mapping[str, int | None]
) -> dict[str, tuple[int | None, int | None]]:
    """Set the skills to these numbers; answers with what that changed."""
    moves: dict[str, tuple[int | None, int | None]] = {}
    rows = Skill.objects.for_tenant(tenant_id).filter(slug__in=list(then))
    for skill in rows.select_related("live_version").order_by("slug"):
        present, wanted = live_number(skill), then[skill.slug]
        if present != wanted:
            _set_live(skill, wanted)
            moves[skill.slug] = (present, wanted)
    return moves


def _set_live(skill: Skill, wanted: int | None) -> None:
    changes: dict[str, object] = {"updated_at": now(), **NO_TRIAL}
    if wanted is None:
        changes["status"] = Skill.Status.RETIRED
    else:
        versions = SkillVersion.objects.for_tenant(skill.tenant_id)
        version = versions.get(skill=skill, number=wanted)
        refuse_unsafe(parse(version.text))
        changes |= {"status": Skill.Status.LIVE, "live_version": version}
    Skill.objects.for_tenant(skill.tenant_id).filter(id=skill.id).update(**changes)


NO_TRIAL = {"trial_version": None, "trial_id": None, "trial_share": 0.0}


def live_number(skill: Skill) -> int | None:
    """The number of the version that is in prompts; None if none is."""
    if skill.status != Skill.Status.LIVE or skill.live_version is None:
        return None
    return skill.live_version.number


def _in_words(before: int | None, after: int | None) -> str:
    if after is None:
        return "retired"
    return f"back at version {after}" if before is not None else f"live again at version {after}"
