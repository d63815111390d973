"""How well each skill of a library fits a text: BM25 contributions and two coverages.

- of the text: how much of what it says does the skill speak about?
- of the topic: how much of the skill's name and description does the text mention?

Their geometric mean is the score. A chatty text covers no topic; a pasted file covers a little
of many topics but is itself hardly covered by any skill. Either way nothing reaches a threshold.

All contributions are known when a library is read, so that scoring is one weighted count over
the postings of the text's words. BM25: Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from apps.skills import words
from apps.skills.indexed import IndexedDocument

_SATURATION = 1.2
_LENGTH_WEIGHT = 0.5
# As if the library were this much larger: in a small one every word looks common.
_PRIOR_SKILLS = 60
_UNKNOWN_WEIGHT = 0.6
# This many of the strongest terms are the heart of a text, or of a topic.
_TEXT_HEART = 6
_TEXT_REST = 0.25
# A text of a single common word ('test') is no topic: it counts as if it held this many rare ones.
_LEAST_TEXT = 1.7
_TOPIC_HEART = 5
# A word that is the topic of few skills is telling even if many bodies use it in passing.
_PASSING_WEIGHT = 0.25
# Effort limits: terms of one text, and skills that one term can speak for (the strongest).
_TERMS = 160
_POSTINGS_PER_TERM = 1_000
_WORDS_REMEMBERED = 8_192

# A term of the library by its number, any other by its text.
Term = int | str
Numbers = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


class Scorer:
    """The words of a library's skills. Only read after it was built."""

    def __init__(self, documents: Sequence[IndexedDocument]) -> None:
        self._count = len(documents)
        rare = _idf(1, self._count)
        self._unknown = _UNKNOWN_WEIGHT * rare
        self._least_mass = _LEAST_TEXT * rare
        self._ids: dict[str, int] = {}
        self._weights: list[float] = []
        # By term: the skills that use it and what it gives them, followed by the skills it is
        # a topic of, with numbers that go on where the skills' own end.
        self._numbers: list[Numbers] = []
        self._values: list[Values] = []
        self._topic_mass: Values = np.ones(self._count)
        self._known_words: dict[str, tuple[tuple[Term, float], ...]] = {}
        self._build(documents)

    def scores(self, text: str) -> Values:
        """0 to 1 for every skill, in the order in which the skills were given."""
        weights = self._weights_of(text)
        ids: list[int] = [term for term in weights if type(term) is int]
        if len(ids) > _TERMS:
            ids = heapq.nlargest(_TERMS, ids, key=lambda one: (weights[one], -one))
        if not ids:
            return np.zeros(self._count)
        sums = np.bincount(
            np.concatenate([self._numbers[one] for one in ids]),
            np.concatenate([self._values[one] for one in ids]),
            minlength=2 * self._count,
        )
        mass = max(_heart_mass(weights.values()), self._least_mass)
        covered = np.minimum(sums[: self._count] / mass, 1.0)
        mentioned = np.minimum(sums[self._count :] / self._topic_mass, 1.0)
        found: Values = np.sqrt(covered * mentioned)
        return found

    def _weights_of(self, text: str) -> dict[Term, float]:
        known = self._known_words
        said = dict.fromkeys(words.split(text))
        if len(known) + len(said) > _WORDS_REMEMBERED:
            known.clear()
        for word in [one for one in said if one not in known]:
            known[word] = self._look_up(word)
        return dict(chain.from_iterable(map(known.__getitem__, said)))

    def _look_up(self, word: str) -> tuple[tuple[Term, float], ...]:
        """The terms of a word with their weights; words come again and again."""
        found: list[tuple[Term, float]] = []
        for term in words.terms_of(word):
            number = self._ids.get(term)
            if number is None:
                found.append((term, self._unknown * words.weight_of(term)))
            else:
                found.append((number, self._weights[number]))
        return tuple(found)

    def _build(self, documents: Sequence[IndexedDocument]) -> None:
        frequency: dict[str, float] = defaultdict(float)
        for document in documents:
            for term in document.counts:
                frequency[term] += 1 if term in document.topic else _PASSING_WEIGHT
        for term, seen in frequency.items():
            self._ids[term] = len(self._weights)
            self._weights.append(_idf(seen, self._count) * words.weight_of(term))
        average = max(1.0, sum(one.length for one in documents) / max(1, self._count))
        used, topical = _Postings(), _Postings()
        for number, document in enumerate(documents):
            norm = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * document.length / average)
            ids = [self._ids[term] for term in document.counts]
            gives = [
                self._weights[one] * seen / (seen + norm)
                for one, seen in zip(ids, document.counts.values(), strict=True)
            ]
            used.add(number, ids, gives)
            ids = [self._ids[term] for term in document.topic]
            topic = [
                self._weights[one] * boost
                for one, boost in zip(ids, document.topic.values(), strict=True)
            ]
            topical.add(number + self._count, ids, topic)
            self._topic_mass[number] = max(sum(heapq.nlargest(_TOPIC_HEART, topic)), 1e-9)
        self._numbers, self._values = _by_term(len(self._weights), used, topical)


class _Postings:
    """Which skill a term gives how much: three columns, a skill's terms one after the other."""

    def __init__(self) -> None:
        self.terms: list[int] = []
        self.numbers: list[int] = []
        self.values: list[float] = []

    def add(self, number: int, terms: Sequence[int], values: Sequence[float]) -> None:
        self.terms += terms
        self.numbers += [number] * len(terms)
        self.values += values

    def strongest(self) -> tuple[Numbers, Numbers, Values]:
        """The columns by term, a term's greatest values first, and no more of one than count."""
        terms = np.array(self.terms, dtype=np.int64)
        numbers = np.array(self.numbers, dtype=np.int64)
        values = np.array(self.values, dtype=np.float64)
        order = np.lexsort((-numbers, -values, terms))
        terms, numbers, values = terms[order], numbers[order], values[order]
        place = np.arange(len(terms)) - np.searchsorted(terms, terms)
        kept = place < _POSTINGS_PER_TERM
        return terms[kept], numbers[kept], values[kept]


def _by_term(count: int, used: _Postings, topical: _Postings) -> tuple[list[Numbers], list[Values]]:
    """Of each term the skills and values of both, in that order."""
    columns = zip(used.strongest(), topical.strongest(), strict=True)
    terms, numbers, values = (np.concatenate(both) for both in columns)
    order = np.argsort(terms, kind="stable")
    ends = np.searchsorted(terms[order], np.arange(1, count))
    return np.split(numbers[order], ends), np.split(values[order], ends)


def _idf(frequency: float, count: int) -> float:
    total = count + _PRIOR_SKILLS
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def _heart_mass(weights: Iterable[float]) -> float:
    """What a skill would have to cover: all of a short text, and a part of a long one's rest."""
    ordered: list[Any] = sorted(weights, reverse=True)
    return float(sum(ordered[:_TEXT_HEART]) + _TEXT_REST * sum(ordered[_TEXT_HEART:]))
