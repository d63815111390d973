"""Which skills fit a request: lexical, in memory, fast enough for every request of the gateway.

A ``SkillIndex`` is built once per library generation and only read afterwards. A search adds up
precomputed BM25 contributions, rarest terms first and within a fixed effort, and then judges the
best candidates by two coverages:

- of the query: how much of what the request says does the skill speak about?
- of the topic: how much of the skill's name and description does the request mention?

Their geometric mean is the score. A chatty request covers no topic; a pasted file covers a little
of many topics but is itself hardly covered by any skill. Either way nothing is selected.
"""

import math
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from apps.core.text import estimate_tokens
from apps.skills import words
from apps.skills.indexed import IndexedDocument, IndexedSkill

__all__ = ["ALWAYS_TOKEN_BUDGET", "Hit", "IndexedSkill", "SkillIndex", "estimate_tokens"]

DEFAULT_THRESHOLD: Final = 0.25
DEFAULT_LIMIT: Final = 3
DEFAULT_TOKEN_BUDGET: Final = 1_500
ALWAYS_LIMIT: Final = 3
ALWAYS_TOKEN_BUDGET: Final = 600
# A request's intent stands at its beginning or its end; what is between is often pasted.
QUERY_EDGE: Final = 2_000
_WHOLE = 2 * QUERY_EDGE

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.5
# As if the library were this much larger: in a small one every word looks common.
_PRIOR_SKILLS = 60
_UNKNOWN_WEIGHT = 0.6
# This many of the strongest terms are the heart of a query, or of a topic.
_QUERY_HEART = 6
_QUERY_REST = 0.25
# A query of a single common word ('test') is no topic: it counts as if it held this many rare ones.
_LEAST_QUERY = 1.7
_TOPIC_HEART = 5
# In a long query the words next to its two ends say what is wanted; the middle was pasted.
_INTENT_EDGE = 300
_PASTED_WEIGHT = 0.4
# What a team taught is worth more than a general skill, so less certainty is asked of it.
_LEARNED_EASE = 0.7
# A word that is the topic of few skills is telling even if many bodies use it in passing.
_PASSING_WEIGHT = 0.25
# Effort limits: terms of one query, postings read in one search and of one term, documents
# judged. Lists up to the short length are always read.
_TERMS = 80
_POSTINGS_PER_SEARCH = 2_500
_POSTINGS_PER_TERM = 250
_SHORT_LIST = 100
_CANDIDATES = 32
_RECENT_MAX = 256
_SMALL_LIBRARY = 500


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
        self._postings: dict[str, tuple[list[int], list[float]]] = {}
        # Lists by document: of terms that may come too late, and what was cut off the long ones.
        self._heads: dict[str, dict[int, float]] = {}
        self._tails: dict[str, dict[int, float]] = {}
        self._idf: dict[str, float] = {}
        self._topics: list[dict[str, float]] = []
        self._topic_mass: list[float] = []
        rare = _idf(1, len(self._skills))
        self._unknown_idf = _UNKNOWN_WEIGHT * rare
        self._least_mass = _LEAST_QUERY * rare
        # An agent at work sends the same user message with every tool result: what was
        # found for it last time is found again.
        self._recent: OrderedDict[tuple[str, int, float, int], list[Hit]] = OrderedDict()
        # Of a library of ordinary size: who has a term in its topic, and what its terms give.
        self._topic_postings: dict[str, list[tuple[int, float]]] = {}
        self._by_document: list[dict[str, float]] = []
        self._build()

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
        learned_threshold = threshold * _LEARNED_EASE
        ranked = [
            (score, number)
            for number, score in self._judge(query, learned_threshold).items()
            if score >= (learned_threshold if number < self._learned_count else threshold)
            and number not in self._always
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

    def _judge(self, query: str, floor: float) -> dict[int, float]:
        """The score of each document worth a look.

        Of a long query the two ends are also judged alone, so that a pasted file neither drowns
        what is asked nor weighs as much.
        """
        if len(query) <= 3 * _INTENT_EDGE:
            return self._judge_text(query, floor)
        scores = self._judge_text(f"{query[:_INTENT_EDGE]} {query[-_INTENT_EDGE:]}", floor)
        whole = f"{query[:QUERY_EDGE]} {query[-QUERY_EDGE:]}" if len(query) > _WHOLE else query
        for number, score in self._judge_text(whole, floor).items():
            scores[number] = max(scores.get(number, 0.0), score * _PASTED_WEIGHT)
        return scores

    def _judge_text(self, text: str, floor: float) -> dict[int, float]:
        idf, unknown, weight_of = self._idf, self._unknown_idf, words.weight_of
        weights = {term: idf.get(term, unknown) * weight_of(term) for term in words.terms(text)}
        mass = max(_heart_mass(weights.values()), self._least_mass)
        known = sorted(
            (term for term in weights if term in idf), key=lambda term: (-weights[term], term)
        )
        if self._by_document:
            return self._judge_small(weights, known[:_TERMS], mass, floor)
        scores: dict[int, float] = {}
        # A score is at most the root of the share covered: what cannot reach any threshold
        # in use is not looked at closer.
        least = mass * (floor * floor)
        said = weights.keys()
        for number, covered in self._candidates(known[:_TERMS]):
            if covered < least:
                continue
            topic = self._topics[number]
            mentioned = 0.0
            for term in topic.keys() & said:
                mentioned += topic[term]
            topic_cover = min(1.0, mentioned / self._topic_mass[number])
            scores[number] = math.sqrt(min(1.0, covered / mass) * topic_cover)
        return scores

    def _judge_small(
        self, weights: Iterable[str], known: list[str], mass: float, floor: float
    ) -> dict[int, float]:
        """The same scores for a library of ordinary size, starting from the topics.

        A document whose topic the request does not touch scores nothing, and few are touched:
        only for those the contributions are added up.
        """
        mentioned: dict[int, float] = {}
        for term in weights:
            for number, weight in self._topic_postings.get(term, ()):
                mentioned[number] = mentioned.get(number, 0.0) + weight
        least = floor * floor
        scores: dict[int, float] = {}
        for number, weight in mentioned.items():
            topic_cover = min(1.0, weight / self._topic_mass[number])
            if topic_cover < least:
                continue
            get = self._by_document[number].get
            covered = sum([get(term, 0.0) for term in known]) / mass
            scores[number] = math.sqrt(min(1.0, covered) * topic_cover)
        return scores

    def _candidates(self, known: list[str]) -> list[tuple[int, float]]:
        """The documents with the largest sum of contributions: exact for small libraries.

        Large ones read the telling terms first; terms left over when the effort is spent, and the
        tails of long lists, only add to documents that are candidates already.
        """
        sums: dict[int, float] = {}
        get = sums.get
        effort = _POSTINGS_PER_SEARCH
        rest: list[dict[int, float]] = []
        for term in known:
            numbers, values = self._postings[term]
            if term in self._tails:
                rest.append(self._tails[term])
            if len(numbers) > max(effort, _SHORT_LIST):
                rest.append(self._heads[term])
                continue
            effort -= len(numbers)
            for number, value in zip(numbers, values, strict=False):
                sums[number] = get(number, 0.0) + value
        best = self._best(sums)
        if not rest:
            return best
        return [
            (number, total + sum(one.get(number, 0.0) for one in rest)) for number, total in best
        ]

    def _best(self, sums: dict[int, float]) -> list[tuple[int, float]]:
        if len(sums) > _CANDIDATES:
            floor = 0.4 * max(sums.values())
            learned = self._learned_count
            rows = [row for row in sums.items() if row[1] >= floor]
            rows.sort(key=lambda row: (-row[1], row[0]))
            own = [row for row in rows if row[0] < learned][: _CANDIDATES // 3]
            return list(dict(rows[:_CANDIDATES] + own).items())
        return list(sums.items())

    def _build(self) -> None:
        documents = [IndexedDocument(skill) for skill in self._skills]
        count = len(documents)
        frequency: dict[str, float] = defaultdict(float)
        for document in documents:
            for term in document.counts:
                frequency[term] += 1 if term in document.topic else _PASSING_WEIGHT
        self._idf = {term: _idf(df, count) for term, df in frequency.items()}
        average = sum(document.length for document in documents) / max(1, count)
        lists: dict[str, list[tuple[float, int]]] = {}
        for number, document in enumerate(documents):
            norm = _SATURATION * (
                1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * document.length / max(1.0, average)
            )
            for term, occurrences in document.counts.items():
                weight = self._idf[term] * words.weight_of(term)
                value = round(weight * occurrences / (occurrences + norm), 2)
                lists.setdefault(term, []).append((-value, number))
            topic = {
                term: self._idf[term] * words.weight_of(term) * boost
                for term, boost in document.topic.items()
            }
            self._topics.append(topic)
            if count <= _SMALL_LIBRARY:
                for term, weight in topic.items():
                    self._topic_postings.setdefault(term, []).append((number, weight))
            heart = sorted(topic.values(), reverse=True)[:_TOPIC_HEART]
            self._topic_mass.append(max(sum(heart), 1e-9))
        self._store(lists)
        if count <= _SMALL_LIBRARY:
            self._by_document = [{} for _ in documents]
            for term, rows in lists.items():
                for value, number in rows:
                    self._by_document[number][term] = -value

    def _store(self, lists: dict[str, list[tuple[float, int]]]) -> None:
        # Rounded values repeat: sharing the objects keeps ten thousand skills in little memory.
        shared: dict[float, float] = {}
        for term, rows in lists.items():
            rows.sort()
            numbers = [number for _, number in rows]
            values = [shared.setdefault(-value, -value) for value, _ in rows]
            top = slice(None, _POSTINGS_PER_TERM)
            tail = slice(_POSTINGS_PER_TERM, None)
            self._postings[term] = (numbers[top], values[top])
            if len(rows) > _SHORT_LIST:
                self._heads[term] = dict(zip(numbers[top], values[top], strict=True))
            if len(rows) > _POSTINGS_PER_TERM:
                self._tails[term] = dict(zip(numbers[tail], values[tail], strict=True))


def _idf(frequency: float, count: int) -> float:
    total = count + _PRIOR_SKILLS
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def _heart_mass(weights: Iterable[float]) -> float:
    """What a skill would have to cover: all of a short query, and a part of a long one's rest."""
    ordered = sorted(weights, reverse=True)
    return sum(ordered[:_QUERY_HEART]) + _QUERY_REST * sum(ordered[_QUERY_HEART:])


def _select_always(skills: Sequence[IndexedSkill]) -> tuple[int, ...]:
    """House rules in order while they fit their own budget; the others compete by relevance."""
    chosen: list[int] = []
    budget = ALWAYS_TOKEN_BUDGET
    for number, skill in enumerate(skills):
        if skill.reach == "always" and len(chosen) < ALWAYS_LIMIT and skill.tokens <= budget:
            chosen.append(number)
            budget -= skill.tokens
    return tuple(chosen)
