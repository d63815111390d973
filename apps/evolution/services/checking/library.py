"""A text beside the skills that are live: is it there already, does it contradict one?"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from apps.core.said import say, together
from apps.evolution.services.checking.finding import Finding, Similar
from apps.evolution.services.checking.opposites import contradiction, orders_of
from apps.skills import words
from apps.skills.skillmd import SkillDoc
from apps.skills.types import LiveSkill
from apps.skills.vector_index import VectorIndex

# Chosen on the built-in bank and the labelled skills of bench/retrieval: no two of them are
# as close as this, and copies with a third of their sentences rewritten are.
SAME_WORDS = 0.6
SAME_MEANING = 0.85
# From here on it is named as similar, and may be meant for the same requests.
_NEAR_WORDS = 0.15
_NEAR_MEANING = 0.45
_NAMED = 3


def near_duplicate(
    doc: SkillDoc,
    others: Sequence[LiveSkill],
    *,
    vectors: Mapping[UUID, Sequence[float]],
    vector: Sequence[float] | None,
) -> Finding:
    """Warns of live skills that say nearly the same, in the same words or in others."""
    near = similar_to(doc, others, vectors=vectors, vector=vector)
    same = [one for one in near if one.closeness >= _limit(one.by)]
    named = near[:_NAMED]
    if same:
        listed = ", ".join(f"{one.slug} ({one.closeness:.2f} by {one.by})" for one in same[:_NAMED])
        return Finding(
            "near_duplicate",
            "warn",
            say(
                "check_near_duplicate", "There is nearly the same already: {listed}.", listed=listed
            ),
            similar=named,
        )
    none = (
        say("check_none_the_same", "No live skill says the same, by words and meaning.")
        if vector
        else say("check_none_in_words", "No live skill says the same, by words.")
    )
    return Finding("near_duplicate", "ok", none, similar=named)


def similar_to(
    doc: SkillDoc,
    others: Sequence[LiveSkill],
    *,
    vectors: Mapping[UUID, Sequence[float]],
    vector: Sequence[float] | None,
) -> list[Similar]:
    """Live skills near to a text, those closest to being the same first."""
    by_words = _cosines(doc, others)
    by_meaning: Sequence[float] | None = None
    if vector:
        index = VectorIndex([vectors.get(skill.version_id) for skill in others])
        found = index.cosines(vector)
        by_meaning = None if found is None else [0.0 if c != c else float(c) for c in found]
    near = []
    for number, skill in enumerate(others):
        one = Similar(skill.slug, skill.version, round(by_words[number], 3), "words")
        meant = by_meaning[number] if by_meaning is not None else 0.0
        if meant / SAME_MEANING > one.closeness / SAME_WORDS:
            one = Similar(skill.slug, skill.version, round(meant, 3), "meaning")
        if one.closeness >= (_NEAR_MEANING if one.by == "meaning" else _NEAR_WORDS):
            near.append(one)
    return sorted(near, key=lambda one: (-one.closeness / _limit(one.by), one.slug))


def conflict(doc: SkillDoc, others: Sequence[LiveSkill]) -> Finding:
    """Warns of a live skill for the same requests that asks for the opposite.

    A heuristic: see ``opposites``. It asks a person to look and never blocks.
    """
    mine = orders_of(doc.body)
    found: list[str] = []
    similar = []
    for skill in others:
        closeness = _trigger_closeness(doc, skill)
        if closeness is None:
            continue
        pair = contradiction(mine, orders_of(skill.body))
        if pair is not None:
            found.append(
                say(
                    "check_conflict",
                    "“{here}” here, “{there}” in {slug}.",
                    here=pair[0].text,
                    there=pair[1].text,
                    slug=skill.slug,
                )
            )
            similar.append(Similar(skill.slug, skill.version, round(closeness, 3), "trigger"))
    if not found:
        none = "No live skill for the same requests says the opposite."
        return Finding("conflict", "ok", say("check_no_conflict", none))
    return Finding("conflict", "warn", together(*found[:_NAMED]), similar=similar[:_NAMED])


def judged_conflict(judged: Mapping[str, Any], *, sha256: str) -> list[Finding]:
    """What a judge said of conflicts, if it was asked about exactly this text."""
    if judged.get("sha256") != sha256:
        return []
    return [
        Finding(
            "judged_conflict",
            "warn" if judged["slugs"] else "ok",
            judged["message"],
            model=judged["model"],
            prompt_version=judged["prompt_version"],
        )
    ]


# A description is short: a third of its weight in common is the same occasion.
_SAME_TRIGGER = 0.3


def _trigger_closeness(doc: SkillDoc, skill: LiveSkill) -> float | None:
    """How alike the occasions are; None for different ones. House rules hold at every occasion."""
    if doc.reach == "always" or skill.reach == "always":
        return 1.0
    mine = Counter(words.terms(f"{doc.slug.replace('-', ' ')} {doc.description}"))
    theirs = Counter(words.terms(f"{skill.slug.replace('-', ' ')} {skill.description}"))
    closeness = _cosine(_weighted(mine, {}), _weighted(theirs, {}))
    return closeness if closeness >= _SAME_TRIGGER else None


def _limit(by: str) -> float:
    return SAME_MEANING if by == "meaning" else SAME_WORDS


def _cosines(doc: SkillDoc, others: Sequence[LiveSkill]) -> list[float]:
    """Closeness in words: terms weigh more the fewer skills have them."""
    mine = _counts(f"{doc.description}\n{doc.body}")
    theirs = [_counts(f"{skill.description}\n{skill.body}") for skill in others]
    have: Counter[str] = Counter(term for counts in [mine, *theirs] for term in counts)
    rarity = {term: math.log(1 + (len(theirs) + 1) / count) for term, count in have.items()}
    weighted = _weighted(mine, rarity)
    return [_cosine(weighted, _weighted(counts, rarity)) for counts in theirs]


@lru_cache(maxsize=4096)
def _counts(text: str) -> Counter[str]:
    return Counter(words.terms(text))


def _weighted(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    return {
        term: (1 + math.log(count)) * rarity.get(term, 1.0) * words.weight_of(term)
        for term, count in counts.items()
    }


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    lengths = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    common = sum(value * other[term] for term, value in one.items() if term in other)
    return common / lengths if lengths else 0.0
