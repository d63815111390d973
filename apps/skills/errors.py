"""What can be wrong with a skill that somebody hands us."""

from apps.core.errors import Conflict, Invalid


class SkillInvalid(Invalid):
    """A SKILL.md text, or an archive of them, that cannot be accepted; names the field."""

    code = "skill_invalid"


class SkillChanged(Conflict):
    code = "skill_changed"


class SkillExists(Conflict):
    code = "skill_exists"
