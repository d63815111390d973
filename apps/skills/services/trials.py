"""A version on trial: in the prompts of a share of the sessions, beside the live one.

Who decides on a trial, and by which numbers, is the business of ``apps.evolution``.
"""

from uuid import UUID

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.skills.errors import SkillChanged, TrialRunning
from apps.skills.lint import refuse_unsafe
from apps.skills.models import Skill
from apps.skills.services.generations import NO_TRIAL, library_moved, live_number
from apps.skills.services.referring import refuse_bad_references
from apps.skills.services.writing import skill_row, version_row
from apps.skills.skillmd import SkillDoc, parse
from apps.skills.types import StartedTrial
from apps.tenants.types import Actor


def trial_start(
    *,
    tenant_id: UUID,
    actor: Actor,
    doc: SkillDoc,
    source: str,
    note: str,
    trial_id: UUID,
    share: float,
) -> StartedTrial:
    """Put this exact text into the prompts of ``share`` (0 to 1) of the sessions.

    Raises TrialRunning, SkillChanged if this text is live already, SkillInvalid.
    """
    doc = doc.guidance
    refuse_unsafe(doc)
    with tenant_tx(tenant_id):
        skill = skill_row(tenant_id, doc.slug, source)
        if skill.trial_id is not None:
            english = "A version of {slug} is on trial already: decide that first."
            raise TrialRunning(say("skill_on_trial", english, slug=doc.slug))
        version = version_row(skill, actor, doc, source, note)
        if live_number(skill) == version.number:
            raise SkillChanged(say("skill_text_live", "This text is live already."))
        # A skill that was never live has its first version to show.
        skill.live_version = skill.live_version or version
        skill.trial_version, skill.trial_id, skill.trial_share = version, trial_id, share
        skill.save()
        refuse_bad_references(tenant_id)
        library_moved(tenant_id, f"{doc.slug} trial")
        return StartedTrial(version.id, version.number, live_number(skill))


def trial_promote(*, tenant_id: UUID, slug: str, trial_id: UUID) -> bool:
    """Make the version on trial the live one; False if that trial is over already."""
    with tenant_tx(tenant_id):
        skill = _on_trial(tenant_id, slug, trial_id)
        if skill is None or skill.trial_version is None:
            return False
        before, version = live_number(skill), skill.trial_version
        refuse_unsafe(parse(version.text))
        Skill.objects.for_tenant(tenant_id).filter(id=skill.id).update(
            status=Skill.Status.LIVE, live_version=version, updated_at=now(), **NO_TRIAL
        )
        refuse_bad_references(tenant_id)
        library_moved(tenant_id, f"{slug} promoted", {slug: (before, version.number)})
        return True


def trial_drop(*, tenant_id: UUID, slug: str, trial_id: UUID) -> bool:
    """Take the version on trial out of every prompt; False if that trial is over already."""
    with tenant_tx(tenant_id):
        skill = _on_trial(tenant_id, slug, trial_id)
        if skill is None:
            return False
        Skill.objects.for_tenant(tenant_id).filter(id=skill.id).update(updated_at=now(), **NO_TRIAL)
        library_moved(tenant_id, f"{slug} trial dropped")
        return True


def _on_trial(tenant_id: UUID, slug: str, trial_id: UUID) -> Skill | None:
    rows = Skill.objects.for_tenant(tenant_id).select_for_update().filter(slug=slug)
    return rows.filter(trial_id=trial_id).first()
