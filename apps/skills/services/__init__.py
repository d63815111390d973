from apps.skills.services.generations import library_restore
from apps.skills.services.packing import library_import, pack_install, pack_remove
from apps.skills.services.publishing import (
    bank_install,
    skill_activate,
    skill_create,
    skill_edit,
    skill_publish,
    skill_retire,
    skills_import,
)
from apps.skills.services.scoping import skill_scope
from apps.skills.services.standings import standings_set, standings_sweep
from apps.skills.services.stats import skills_counted, skills_scored
from apps.skills.services.trials import trial_drop, trial_promote, trial_start
from apps.skills.services.trying import library_try
from apps.skills.services.vectors import EMBED_KIND, vectors_make, vectors_sweep

__all__ = [
    "EMBED_KIND",
    "bank_install",
    "library_import",
    "library_restore",
    "library_try",
    "pack_install",
    "pack_remove",
    "skill_activate",
    "skill_create",
    "skill_edit",
    "skill_publish",
    "skill_retire",
    "skill_scope",
    "skills_counted",
    "skills_import",
    "skills_scored",
    "standings_set",
    "standings_sweep",
    "trial_drop",
    "trial_promote",
    "trial_start",
    "vectors_make",
    "vectors_sweep",
]
