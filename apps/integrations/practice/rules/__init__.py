"""The house rules of Larkfield Freight, an imaginary parcel company."""

from apps.integrations.practice.rules import engineering, writing
from apps.integrations.practice.rules.model import HouseRule, SkillText

__all__ = ["RULES", "HouseRule", "SkillText", "rule_by_slug", "rule_for", "rules_stated_in"]

# Order matters where a request could be read two ways: the narrower rule stands first.
RULES: tuple[HouseRule, ...] = (*engineering.RULES, *writing.RULES)


def rule_for(user_text: str) -> HouseRule | None:
    """The rule that a request falls under, if any."""
    return next((rule for rule in RULES if rule.applies_to(user_text)), None)


def rule_by_slug(slug: str) -> HouseRule:
    return next(rule for rule in RULES if rule.slug == slug)


def rules_stated_in(text: str) -> list[HouseRule]:
    return [rule for rule in RULES if rule.is_stated_in(text)]
