"""Failures that show one pattern, found by joining what is most alike.

Agglomerative with average linkage: every failure begins as a group of its own, failures that
were grouped before begin together; then, again and again, the two groups whose failures are on
average most alike become one, until no two are alike enough. Nothing is random: the same
failures in the same order give the same groups.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from apps.evolution.services.learning.similarity import (
    BY_MEANING,
    BY_WORDS,
    Failure,
    above,
    by_words,
)

Likenesses = npt.NDArray[np.float64]
_NEVER = -np.inf


def likenesses(failures: Sequence[Failure]) -> Likenesses:
    """How alike each two are: 0 and more if enough for a pattern. Of a failure and itself it
    says nothing."""
    count = len(failures)
    found = np.full((count, count), _NEVER)
    meaning = _by_meaning(failures)
    for i in range(count):
        for j in range(i + 1, count):
            near = meaning.get((i, j))
            if near is None:
                value = above(by_words(failures[i], failures[j]), BY_WORDS)
            else:
                value = above(near, BY_MEANING)
            found[i, j] = found[j, i] = value
    return found


def clusters(
    alike: Likenesses, given: Sequence[Sequence[int]] = (), apart: Sequence[int] = ()
) -> list[list[int]]:
    """Groups of indexes, each in order, by their first.

    ``given``: groups that stay together. ``apart``: which of those (by their place in
    ``given``) are never joined with another given one.
    """
    groups: list[list[int]] = [sorted(group) for group in given]
    known = {index for group in groups for index in group}
    groups += [[index] for index in range(len(alike)) if index not in known]
    linked = _linkage(alike, groups)
    for place in apart:
        # It stays so: whatever one of the two is joined with is never joined with the other.
        linked[place, : len(given)] = linked[: len(given), place] = _NEVER
    while len(groups) > 1:
        # The first of the most alike, by their place: a tie is no matter of chance.
        i, j = sorted(int(x) for x in np.unravel_index(int(np.argmax(linked)), linked.shape))
        if linked[i, j] < 0:
            break
        mine, theirs = len(groups[i]), len(groups[j])
        row = (mine * linked[i] + theirs * linked[j]) / (mine + theirs)
        linked[i], linked[:, i] = row, row
        linked = np.delete(np.delete(linked, j, 0), j, 1)
        groups[i] = sorted([*groups[i], *groups.pop(j)])
    return sorted(groups, key=lambda group: group[0])


def _linkage(alike: Likenesses, groups: Sequence[Sequence[int]]) -> Likenesses:
    count = len(groups)
    linked = np.full((count, count), _NEVER)
    for i in range(count):
        for j in range(i + 1, count):
            mean = float(alike[np.ix_(list(groups[i]), list(groups[j]))].mean())
            linked[i, j] = linked[j, i] = mean
    return linked


def _by_meaning(failures: Sequence[Failure]) -> dict[tuple[int, int], float]:
    """The cosines of those that have a vector of the same length."""
    having = [index for index, failure in enumerate(failures) if failure.vector]
    found: dict[tuple[int, int], float] = {}
    for size in {len(failures[index].vector or ()) for index in having}:
        same = [index for index in having if len(failures[index].vector or ()) == size]
        vectors = np.array([failures[index].vector for index in same])
        cosines = vectors @ vectors.T
        for row, i in enumerate(same):
            for column in range(row + 1, len(same)):
                found[i, same[column]] = float(cosines[row, column])
    return found
