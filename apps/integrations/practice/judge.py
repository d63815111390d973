"""The simulated judge: it knows the house rules and checks answers against them."""

import json
from typing import Any

from apps.integrations.practice import agent, remarks
from apps.integrations.practice.chat import user_words
from apps.integrations.practice.rules import rule_for


def answer(document: dict[str, Any]) -> str:
    vote, rationale = verdict(
        user=_text(document.get("user")),
        response=_text(document.get("response")),
        follow_up=_text(document.get("follow_up")),
        is_agent_work=agent.MARK in _text(document.get("system")),
    )
    return json.dumps({"vote": vote, "rationale": rationale}, ensure_ascii=False)


def verdict(
    *, user: str, response: str, follow_up: str, is_agent_work: bool = False
) -> tuple[int, str]:
    """The vote on one answer and its reason. A house rule outweighs the user's reaction.

    Of an agent's work the answer shows nothing; there the reaction is all there is.
    """
    asked = user_words(user)
    is_ruled = not (is_agent_work or remarks.states_house_rule(asked))
    rule = rule_for(asked) if is_ruled else None
    if rule is not None and not rule.is_kept(response):
        return -1, f"{rule.failure} (House rule: {rule.statement}.)"
    if rule is not None:
        return 1, rule.success
    if remarks.complains(follow_up):
        return -1, f"The user was not satisfied and said: “{_short(follow_up)}”"
    if remarks.praises(follow_up):
        return 1, "The user accepted the answer."
    return 0, "No house rule applies and the user did not react; neither good nor bad."


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 200 else f"{flat[:199]}…"
