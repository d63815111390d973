"""The ways of choosing that are compared, all behind one call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from apps.integrations.embeddings.local.files import Values
from apps.integrations.embeddings.local.model import MiniLM
from apps.skills.indexed import IndexedSkill
from apps.skills.meaning import Everyday, everyday_requests, query_text, skill_texts, together
from apps.skills.retrieval import DEFAULT_LIMIT, SkillIndex
from bench.retrieval import template

# The threshold on the cosine alone, chosen on dev as all others were.
EMBEDDING_FROM: Final = 0.36
Choose = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of choosing; ``prepare`` does what happens outside of the ranking, once per text."""

    name: str
    choose: Choose
    prepare: Callable[[str], object] | None = None


class Vectors:
    """The model, and the vectors it made; each text is turned into one once."""

    def __init__(self) -> None:
        self._model = MiniLM()
        self._known: dict[str, Values] = {}

    def make(self, text: str) -> Values:
        """Without the store: what it costs to make one."""
        found: Values = self._model.embed([self._model.tokens(text)])[0]
        return found

    def of(self, text: str) -> Values:
        if text not in self._known:
            self._known[text] = self.make(text)
        return self._known[text]


def modes(skills: Sequence[IndexedSkill]) -> list[Mode]:
    """All of them over the same skills."""
    vectors = Vectors()
    everyday = Everyday([vectors.of(text).tolist() for text in everyday_requests()])
    by_version = {
        skill.version_id: together(
            [vectors.of(text).tolist() for text in skill_texts(skill.description, skill.body)]
        )
        for skill in skills
    }
    words, both = SkillIndex(skills), SkillIndex(skills, by_version)
    matrix = np.array([by_version[skill.version_id] for skill in skills], dtype=np.float32)

    def in_words(text: str) -> list[str]:
        return [hit.skill.slug for hit in words.search(text)]

    def by_vector(text: str) -> list[str]:
        cosines = matrix @ vectors.of(text)
        best = np.argsort(-cosines, kind="stable")[:DEFAULT_LIMIT]
        return [skills[one].slug for one in best if cosines[one] >= EMBEDDING_FROM]

    def by_both(text: str) -> list[str]:
        asked = query_text(text)
        meaning = everyday.meaning_of(vectors.of(asked).tolist()) if asked else None
        return [hit.skill.slug for hit in both.search(text, meaning=meaning)]

    return [
        Mode("template", lambda text: template.choose(skills, text, limit=DEFAULT_LIMIT)),
        Mode("lexical", in_words),
        Mode("embedding", by_vector, vectors.make),
        Mode("hybrid", by_both, lambda text: vectors.make(query_text(text))),
    ]
