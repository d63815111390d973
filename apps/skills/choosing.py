"""What of a library goes into a request, and why the rest stays out.

The gateway asks for every request, the console for somebody who wants to see: the answer is the
same, because both ask here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.skills.arms import Arm, taking_part, withheld_from
from apps.skills.indexed import entry_of
from apps.skills.meaning import Meaning
from apps.skills.retrieval import Choice, Hit, IndexedSkill, SkillIndex
from apps.skills.types import Library, LiveSkill

_NOBODY: Mapping[str, str] = {}


@dataclass(slots=True)
class Candidate:
    """A skill that was considered for a request, and what became of it."""

    version_id: str
    slug: str
    version: int
    # Relevance times factor: what it was ranked by.
    score: float
    verdict: str
    # How the skill does beside the others; 1 is neutral, and so are house rules.
    factor: float = 1.0
    # A house rule that went in as one, whatever was asked.
    is_always: bool = False

    def facts(self) -> list[Any]:
        """As the record of a turn has it; relevance and factor only where they are not plain."""
        row = [self.slug, self.version, self.score, self.verdict]
        if self.factor != 1.0:
            row += [self.relevance, self.factor]
        return row

    @property
    def relevance(self) -> float:
        return round(self.score / self.factor, 4)


@dataclass(frozen=True, slots=True)
class Considered:
    """The skills that came into question, those that go in first and best first."""

    candidates: Sequence[Candidate]
    # The trials for which a request counts, and its arm in each.
    trials: Sequence[tuple[str, str]]
    # Whether the meaning of what was asked had a say, and not its words alone.
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library made ready to choose from; built once per generation."""

    library: Library
    index: SkillIndex
    by_version: Mapping[str, LiveSkill]
    # The skills that are not for everybody; mostly none.
    scoped: tuple[LiveSkill, ...]
    # Whether any skill brings the text of another.
    is_composed: bool = False

    def barred(self, agent: str, tags: Mapping[str, str]) -> Mapping[str, str]:
        """The versions that are not for a turn of this agent with these tags, and why."""
        if not self.scoped:
            return _NOBODY
        found = ((str(skill.version_id), skill.barred(agent, tags)) for skill in self.scoped)
        return {version: reason for version, reason in found if reason}


def shelf_of(library: Library) -> Shelf:
    """The live skills and those on trial."""
    skills = (*library.skills, *(trial.skill for trial in library.trials))
    entries = (
        entry_of(skill, factor=library.factors.get(skill.version_id, 1.0)) for skill in skills
    )
    return Shelf(
        library=library,
        index=SkillIndex(entries, {str(one): vector for one, vector in library.vectors.items()}),
        by_version={str(skill.version_id): skill for skill in skills},
        scoped=tuple(skill for skill in skills if skill.is_scoped),
        is_composed=any(skill.references for skill in skills),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, and how much of it there may be."""

    query: str
    limit: int
    token_budget: int
    # Versions that are not for the request, with the reason.
    barred: Mapping[str, str]
    arms: Sequence[Arm]
    meaning: Meaning | None = None


def consider(shelf: Shelf, wanted: Wanted) -> Considered:
    """Choose for a request that stands in these arms of the trials under way."""
    choice = _choose(shelf, wanted, wanted.arms)
    found = [_taken(hit) for hit in choice.hits]
    found += [
        _candidate(skill, score, reason, skill.factor)
        for skill, score, reason in choice.passed_over
    ]
    trials = taking_part(
        wanted.arms, _slugs(choice), lambda others: _slugs(_choose(shelf, wanted, others))
    )
    return Considered(found, trials, choice.by_meaning)


def _choose(shelf: Shelf, wanted: Wanted, arms: Sequence[Arm]) -> Choice:
    return shelf.index.choose(
        wanted.query,
        limit=wanted.limit,
        token_budget=wanted.token_budget,
        meaning=wanted.meaning,
        barred=withheld_from(arms, wanted.barred) if arms else wanted.barred,
    )


def _taken(hit: Hit) -> Candidate:
    found = _candidate(hit.skill, hit.score, "in", 1.0 if hit.is_always else hit.skill.factor)
    found.is_always = hit.is_always
    return found


def _candidate(skill: IndexedSkill, score: float, verdict: str, factor: float) -> Candidate:
    return Candidate(skill.version_id, skill.slug, skill.version, score, verdict, factor)


def _slugs(choice: Choice) -> set[str]:
    return {hit.skill.slug for hit in choice.hits}
