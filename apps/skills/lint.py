"""The checks every skill passes before it may reach a prompt, whoever wrote it.

Each rule answers with exactly one Check, also when all is well, so that a reviewer sees what was
looked at. Rules are deterministic and read the text only: no model, no network, no clock.
"""

from collections.abc import Callable, Sequence
from typing import Final

from apps.core.said import say
from apps.skills import lint_safety, lint_writing
from apps.skills.checks import Check, Level
from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import SkillDoc

__all__ = ["Check", "Level", "has_failures", "lint", "refuse_unsafe"]

_RULES: Final[tuple[Callable[[SkillDoc], Check], ...]] = (*lint_writing.RULES, *lint_safety.RULES)


def lint(doc: SkillDoc) -> list[Check]:
    """One verdict per rule, always all of them and in the same order."""
    return [rule(doc) for rule in _RULES]


def has_failures(checks: Sequence[Check]) -> bool:
    return any(check.level == "fail" for check in checks)


def refuse_unsafe(doc: SkillDoc) -> None:
    """Raises SkillInvalid with every rule that the document breaks: such a text never goes live."""
    checks = lint(doc)
    if has_failures(checks):
        failed = [check.message for check in checks if check.level == "fail"]
        why = say("skill_checks_failed", "{slug} does not pass its checks.", slug=doc.slug)
        raise SkillInvalid(why, fields={"text": failed})
