"""Which skills fit a request: lexical, in memory, fast enough for every request of the gateway.

A ``SkillIndex`` is built once per library generation and only read afterwards. How well a skill
fits a text is said in ``scoring``; here the house rules and the few best that fit are selected.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from apps.core.text import estimate_tokens
from apps.skills.indexed import IndexedDocument, IndexedSkill
from apps.skills.scoring import Scorer, Values

__all__ = ["ALWAYS_TOKEN_BUDGET", "Hit", "IndexedSkill", "SkillIndex", "estimate_tokens"]

DEFAULT_THRESHOLD: Final = 0.25
DEFAULT_LIMIT: Final = 3
DEFAULT_TOKEN_BUDGET: Final = 1_500
ALWAYS_LIMIT: Final = 3
ALWAYS_TOKEN_BUDGET: Final = 600
# A request's intent stands at its beginning or its end; what is between is often pasted.
QUERY_EDGE: Final = 2_000
_WHOLE = 2 * QUERY_EDGE

# In a long query the words next to its two ends say what is wanted; the middle was pasted.
_INTENT_EDGE = 300
_PASTED_WEIGHT = 0.4
# What a team taught is worth more than a general skill, so less certainty is asked of it.
_LEARNED_EASE = 0.7
_RECENT_MAX = 256


@dataclass(frozen=True, slots=True)
class Hit:
    """A selected skill; ``score`` is 0 to 1, and 1 for a rule that goes into every request."""

    skill: IndexedSkill
    score: float
    is_always: bool = False


class SkillIndex:
    """An immutable search structure over one tenant's live skills."""

    def __init__(self, skills: Iterable[IndexedSkill]) -> None:
        # Learned skills come first, so that the smaller number wins every tie.
        self._skills = sorted(skills, key=lambda one: (not one.learned, one.slug, one.version_id))
        self._learned_count = sum(skill.learned for skill in self._skills)
        self._always = _select_always(self._skills)
        self._scorer = Scorer([IndexedDocument(skill) for skill in self._skills])
        # An agent at work sends the same user message with every tool result: what was
        # found for it last time is found again.
        self._recent: OrderedDict[tuple[str, int, float, int], list[Hit]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._skills)

    def search(
        self,
        query: str,
        *,
        limit: int = DEFAULT_LIMIT,
        threshold: float = DEFAULT_THRESHOLD,
        token_budget: int = DEFAULT_TOKEN_BUDGET,
    ) -> list[Hit]:
        """The house rules, then the skills that fit ``query``, best first; often none."""
        asked = (query, limit, threshold, token_budget)
        found = self._recent.get(asked)
        if found is None:
            found = self._search(query, limit, threshold, token_budget)
            if len(query) <= _WHOLE:
                self._recent[asked] = found
                if len(self._recent) > _RECENT_MAX:
                    self._recent.popitem(last=False)
        return list(found)

    def _search(self, query: str, limit: int, threshold: float, token_budget: int) -> list[Hit]:
        hits = [Hit(self._skills[number], 1.0, is_always=True) for number in self._always]
        if limit <= 0:
            return hits
        scores = self._judge(query)
        least = np.full(len(scores), threshold)
        least[: self._learned_count] *= _LEARNED_EASE
        ranked = [
            (float(scores[number]), number)
            for number in np.flatnonzero(scores >= least).tolist()
            if number not in self._always
        ]
        # Two decimals: what is that close is a tie, and ties go to the smaller number.
        ranked.sort(key=lambda one: (-round(one[0], 2), one[1]))
        return hits + self._fill(ranked, limit, token_budget)

    def _fill(self, ranked: list[tuple[float, int]], limit: int, token_budget: int) -> list[Hit]:
        """Best first within both limits; one place is kept for the best learned skill."""
        chosen: dict[int, float] = {}
        reserved = next(
            (one for one in ranked if self._is_affordable_learned(one, token_budget)), None
        )
        for score, number in [reserved, *ranked] if reserved else ranked:
            tokens = self._skills[number].tokens
            if len(chosen) < limit and number not in chosen and tokens <= token_budget:
                chosen[number] = score
                token_budget -= tokens
        return [
            Hit(self._skills[number], round(score, 4))
            for score, number in ranked
            if number in chosen
        ]

    def _is_affordable_learned(self, one: tuple[float, int], token_budget: int) -> bool:
        return one[1] < self._learned_count and self._skills[one[1]].tokens <= token_budget

    def _judge(self, query: str) -> Values:
        """The score of each skill.

        Of a long query the two ends are also judged alone, so that a pasted file neither drowns
        what is asked nor weighs as much.
        """
        if len(query) <= 3 * _INTENT_EDGE:
            return self._scorer.scores(query)
        ends = self._scorer.scores(f"{query[:_INTENT_EDGE]} {query[-_INTENT_EDGE:]}")
        whole = f"{query[:QUERY_EDGE]} {query[-QUERY_EDGE:]}" if len(query) > _WHOLE else query
        found: Values = np.maximum(ends, self._scorer.scores(whole) * _PASTED_WEIGHT)
        return found


def _select_always(skills: Sequence[IndexedSkill]) -> tuple[int, ...]:
    """House rules in order while they fit their own budget; the others compete by relevance."""
    chosen: list[int] = []
    budget = ALWAYS_TOKEN_BUDGET
    for number, skill in enumerate(skills):
        if skill.reach == "always" and len(chosen) < ALWAYS_LIMIT and skill.tokens <= budget:
            chosen.append(number)
            budget -= skill.tokens
    return tuple(chosen)
