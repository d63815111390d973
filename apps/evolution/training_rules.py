"""Why a turn may not train a model, as far as skills and learning know."""

from apps.core.said import say
from apps.evolution import selectors
from apps.skills import selectors as skills
from apps.trajectories.training import TurnFacts, training_rule


@training_rule("support")
def _support(facts: TurnFacts) -> str | None:
    """The same as without us, and what it taught."""
    if not facts.is_support:
        return None
    taught = selectors.taught_by(tenant_id=facts.tenant_id, turn_id=facts.turn_id)
    named = ", ".join(
        f"{one.slug} (evolution run {one.run_id})" if one.run_id else one.slug for one in taught
    )
    if not named:
        return say(
            "kept_out_support",
            "It taught a skill: such turns never train the weights under that skill.",
        )
    return say(
        "kept_out_taught",
        "It taught {named}: such turns never train the weights under that skill.",
        named=named,
    )


@training_rule("older_skills")
def _older_skills(facts: TurnFacts) -> str | None:
    """What it was answered with is not what the library says today."""
    if not facts.skills:
        return None
    slugs = [used.slug for used in facts.skills]
    live = {
        text.slug: text.version_id
        for text in skills.skill_texts(tenant_id=facts.tenant_id, slugs=slugs)
    }
    older = [u for u in facts.skills if live.get(u.slug) != u.version_id]
    if not older:
        return None
    named = ", ".join(f"{used.slug}@{used.version}" for used in older)
    return say(
        "kept_out_skills",
        "It was answered with skills that are not live any more, or not in that version: {named}.",
        named=named,
    )
