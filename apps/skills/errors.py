"""What can be wrong with a skill that somebody hands us."""

from apps.core.errors import Conflict, Invalid


class SkillInvalid(Invalid):
    """A SKILL.md text, or an archive of them, that cannot be accepted; names the field."""

    code = "skill_invalid"


class SkillChanged(Conflict):
    code = "skill_changed"


class SkillExists(Conflict):
    code = "skill_exists"


class GenerationUnknown(Conflict):
    """The library cannot go back to that state; says why."""

    code = "generation_unknown"


class TrialRunning(Conflict):
    """A version of this skill is on trial already."""

    code = "trial_running"
