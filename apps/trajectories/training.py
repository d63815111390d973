"""Why a turn may not train a model: one rule for each reason, in the order in which they are told.

The rules here know turns alone. An app that knows more adds its own, or says an existing
reason better, with :func:`training_rule` when it starts (``AppConfig.ready``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from apps.core.said import say
from apps.trajectories.types import UsedSkill

STATUS = "complete"
_ENDED = {
    "client_aborted": "the client left before the answer was complete",
    "truncated_upstream": "the provider cut the answer off",
    "truncated_crash": "the gateway stopped in the middle of the answer",
    "upstream_error": "the provider answered with an error",
    "rejected": "the request was refused",
}


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """What the rules look at."""

    tenant_id: UUID
    turn_id: UUID
    status: str
    kind: str
    is_repeated: bool
    is_simulated: bool
    is_support: bool
    # How it went, and what it was worth; None where that is not known.
    outcome: int | None
    reward: float | None
    upstream: str
    skills: tuple[UsedSkill, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: a code for programs, a sentence for people."""

    code: str
    sentence: str


# Answers with the sentence, or with nothing where the reason does not hold.
Rule = Callable[[TurnFacts], str | None]
_RULES: dict[str, Rule] = {}


def training_rule(code: str) -> Callable[[Rule], Rule]:
    """Add a reason. One whose code is known takes the place of the earlier rule, and its order."""

    def add(rule: Rule) -> Rule:
        _RULES[code] = rule
        return rule

    return add


def reasons_against(facts: TurnFacts) -> list[Reason]:
    """Why this turn may not train a model; empty if it may. Rules of other apps make queries."""
    found = ((code, rule(facts)) for code, rule in _RULES.items())
    return [Reason(code, sentence) for code, sentence in found if sentence]


@training_rule("not_complete")
def _not_complete(facts: TurnFacts) -> str | None:
    if facts.status == STATUS:
        return None
    why = _ENDED.get(facts.status, facts.status)
    return say(f"kept_out_{facts.status}", f"It did not end well: {why}.")


@training_rule("side_turn")
def _side_turn(facts: TurnFacts) -> str | None:
    if facts.kind == "main":
        return None
    return say(
        "kept_out_side_turn",
        "It is a side turn: the client asked it for itself, not for its user's task.",
    )


@training_rule("repeated")
def _repeated(facts: TurnFacts) -> str | None:
    if not facts.is_repeated:
        return None
    return say(
        "kept_out_repeated",
        "It is one of several attempts at one request; only the one that went on counts.",
    )


@training_rule("simulated")
def _simulated(facts: TurnFacts) -> str | None:
    if not facts.is_simulated:
        return None
    return say("kept_out_simulated", "The practice model answered it.")


@training_rule("unscored")
def _unscored(facts: TurnFacts) -> str | None:
    if facts.reward is not None:
        return None
    return say("kept_out_unscored", "Nobody scored it yet, so it has no reward.")


@training_rule("reward_in_doubt")
def _in_doubt(facts: TurnFacts) -> str | None:
    if facts.reward is None or facts.outcome is not None:
        return None
    return say(
        "kept_out_reward_in_doubt",
        "Too little is known to believe its reward of {reward:+.2f}.",
        reward=facts.reward,
    )


@training_rule("support")
def _support(facts: TurnFacts) -> str | None:
    if not facts.is_support:
        return None
    return say(
        "kept_out_support",
        "It taught a skill: such turns never train the weights under that skill.",
    )


@training_rule("no_tokens")
def _no_tokens(facts: TurnFacts) -> str | None:
    """No turn has them yet: whoever samples a policy of its own replaces this rule."""
    who = facts.upstream or "its provider"
    return say(
        "kept_out_no_tokens",
        "The tokens of its answer and their log-probabilities are not on record: {who} is not a"
        " policy that is sampled here.",
        who=who,
    )
