"""Why a turn may not train a model, as far as samples and batches know."""

from apps.core.said import say
from apps.training import selectors
from apps.trajectories.training import TurnFacts, training_rule


@training_rule("no_tokens")
def _no_tokens(facts: TurnFacts) -> str | None:
    if selectors.has_tokens(tenant_id=facts.tenant_id, turn_id=facts.turn_id):
        return None
    who = facts.upstream or "its provider"
    return say(
        "kept_out_no_tokens",
        "The tokens of its answer and their log-probabilities are not on record: {who} is not a"
        " policy that is sampled here.",
        who=who,
    )


@training_rule("trained")
def _trained(facts: TurnFacts) -> str | None:
    if not selectors.is_batched(tenant_id=facts.tenant_id, turn_id=facts.turn_id):
        return None
    return selectors.REFUSALS["trained"]
