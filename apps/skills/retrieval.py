"""Which skills fit a request: in memory, fast enough for every request of the gateway.

A ``SkillIndex`` is built once per library generation and only read afterwards. How well a skill
fits a text is said in ``scoring``, and in ``hybrid`` where the text's meaning is known; here the
house rules and the few best that fit are selected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from apps.core.text import estimate_tokens
from apps.skills import hybrid
from apps.skills.indexed import IndexedSkill, document_of
from apps.skills.meaning import Meaning
from apps.skills.scoring import Scorer, Values
from apps.skills.vector_index import VectorIndex

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
# Skills that were close are named too, so that people see why they stayed out.
_PASSED_OVER = 5
_CLOSE = 0.6
_NOBODY: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """A selected skill. ``score`` is its relevance (0 to 1) times its factor, and 1 for a rule
    that goes into every request."""

    skill: IndexedSkill
    score: float
    is_always: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What was selected, and the closest of what was not, with the reason why."""

    hits: list[Hit]
    passed_over: list[tuple[IndexedSkill, float, str]]
    # Whether the meaning of the query had a say, and not its words alone.
    by_meaning: bool = False


class SkillIndex:
    """An immutable search structure over one tenant's live skills; ``vectors`` by version."""

    def __init__(
        self,
        skills: Iterable[IndexedSkill],
        vectors: Mapping[str, Sequence[float]] | None = None,
    ) -> None:
        # Learned skills come first, so that the smaller number wins every tie.
        self._skills = sorted(skills, key=lambda one: (not one.learned, one.slug, one.version_id))
        self._learned_count = sum(skill.learned for skill in self._skills)
        self._always = _select_always(self._skills)
        self._scorer = Scorer([document_of(skill) for skill in self._skills])
        known = vectors or {}
        self._vectors = VectorIndex([known.get(skill.version_id) for skill in self._skills])
        factors = np.array([skill.factor for skill in self._skills])
        # None: nothing is known of any of them, or they all do alike.
        self._factors = None if np.all(factors == 1.0) else factors

    def __len__(self) -> int:
        return len(self._skills)

    def search(
        self,
        query: str,
        *,
        limit: int = DEFAULT_LIMIT,
        threshold: float = DEFAULT_THRESHOLD,
        token_budget: int = DEFAULT_TOKEN_BUDGET,
        meaning: Meaning | None = None,
    ) -> list[Hit]:
        """The house rules, then the skills that fit ``query``, best first; often none."""
        return self.choose(
            query, limit=limit, threshold=threshold, token_budget=token_budget, meaning=meaning
        ).hits

    def choose(
        self,
        query: str,
        *,
        limit: int = DEFAULT_LIMIT,
        threshold: float = DEFAULT_THRESHOLD,
        token_budget: int = DEFAULT_TOKEN_BUDGET,
        meaning: Meaning | None = None,
        barred: Mapping[str, str] = _NOBODY,
    ) -> Choice:
        """As :meth:`search`, with the skills that were close and why they stayed out.

        Without ``meaning`` the words alone decide. ``barred``: versions that are not for this
        request, with the reason. They take nobody's place: house rules too are chosen from
        among the others.
        """
        always = self._always
        if barred:
            always = _select_always(self._skills, barred)
        hits = [Hit(self._skills[number], 1.0, is_always=True) for number in always]
        if limit <= 0 or not self._skills:
            return Choice(hits, [])
        scores, margin = self._judge(query), 1.0
        cosines = None if meaning is None else self._vectors.cosines(meaning.vector)
        if meaning is not None and cosines is not None:
            least = threshold * _LEARNED_EASE
            scores, margin = hybrid.scores(scores, cosines, meaning, least=least), hybrid.MARGIN
        # Relevance alone says what is close: what does badly is named, too, when it stays out.
        close = np.flatnonzero(scores >= threshold * _LEARNED_EASE * _CLOSE).tolist()
        if self._factors is not None:
            scores = scores * self._factors
        near = [
            (score, number)
            for number in close
            if (score := float(scores[number])) and number not in always
        ]
        # Two decimals: what is that close is a tie, and ties go to the smaller number.
        near.sort(key=lambda one: (-round(one[0], 2), one[1]))
        allowed = near
        if barred:
            allowed = [one for one in near if self._skills[one[1]].version_id not in barred]
        ranked = self._strong(allowed, threshold, margin)
        chosen = self._fill(ranked, limit, token_budget)
        hits += [
            Hit(self._skills[number], round(score, 4))
            for score, number in ranked
            if number in chosen
        ]
        passed_over = self._passed_over(near, ranked, chosen, limit, barred)
        return Choice(hits, passed_over, by_meaning=cosines is not None)

    def _strong(
        self, near: list[tuple[float, int]], threshold: float, margin: float
    ) -> list[tuple[float, int]]:
        """Those that fit, and are not far behind the best; the best learned skill always may.

        Doing well makes nothing fit that does not; doing badly may keep out what just fits.
        """
        learned = threshold * _LEARNED_EASE
        fitting = [
            one
            for one in near
            if one[0] / max(1.0, self._skills[one[1]].factor)
            >= (learned if one[1] < self._learned_count else threshold)
        ]
        least = fitting[0][0] - margin if fitting else 0.0
        best_learned = next((one for one in fitting if one[1] < self._learned_count), None)
        return [one for one in fitting if one[0] >= least or one is best_learned]

    def _passed_over(
        self,
        near: list[tuple[float, int]],
        ranked: list[tuple[float, int]],
        chosen: dict[int, float],
        limit: int,
        barred: Mapping[str, str],
    ) -> list[tuple[IndexedSkill, float, str]]:
        strong = {number for _, number in ranked}
        found = []
        for score, number in near:
            if number in chosen:
                continue
            reason = barred.get(self._skills[number].version_id, "too weak")
            if number in strong:
                reason = "no place left" if len(chosen) >= limit else "no room left"
            found.append((self._skills[number], round(score, 4), reason))
            if len(found) == _PASSED_OVER:
                break
        return found

    def _fill(
        self, ranked: list[tuple[float, int]], limit: int, token_budget: int
    ) -> dict[int, float]:
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
        return chosen

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


def _select_always(
    skills: Sequence[IndexedSkill], barred: Mapping[str, str] = _NOBODY
) -> tuple[int, ...]:
    """House rules in order while they fit their own budget; the others compete by relevance."""
    chosen: list[int] = []
    budget = ALWAYS_TOKEN_BUDGET
    for number, skill in enumerate(skills):
        if skill.version_id in barred:
            continue
        if skill.reach == "always" and len(chosen) < ALWAYS_LIMIT and skill.tokens <= budget:
            chosen.append(number)
            budget -= skill.tokens
    return tuple(chosen)
