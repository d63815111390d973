"""A skill as the search index sees it."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from apps.skills import words
from apps.skills.types import LiveSkill

# A word of the name counts like this many uses in the body.
_NAME_COUNT = 3.0
_DESCRIPTION_COUNT = 2.0
_NAME_BOOST = 1.5


@dataclass(frozen=True, slots=True)
class IndexedSkill:
    """What the index needs to know about one live skill version."""

    version_id: str
    slug: str
    version: int
    description: str
    body: str
    category: str
    tokens: int
    reach: str
    learned: bool
    # How it does beside the others: what its relevance is multiplied by; 1 is neutral.
    factor: float = 1.0


def entry_of(skill: LiveSkill, *, factor: float = 1.0) -> IndexedSkill:
    """A live skill as an entry of the index."""
    return IndexedSkill(
        version_id=str(skill.version_id),
        slug=skill.slug,
        version=skill.version,
        description=skill.description,
        # Found by its own words: what it uses is found by itself.
        body=skill.own_body or skill.body,
        category=skill.category,
        tokens=skill.tokens,
        reach=skill.reach,
        learned=skill.learned,
        factor=factor,
    )


def document_of(skill: IndexedSkill) -> "IndexedDocument":
    """The terms of a skill; of a text that was read before the same ones."""
    return _document(skill.slug, skill.description, skill.body)


class IndexedDocument:
    """Terms of one text: weighted counts, and the topic (name and description) with boosts.

    Only read after it was made: libraries share those of the same texts.
    """

    __slots__ = ("counts", "length", "topic")

    def __init__(self, slug: str, description_text: str, body_text: str) -> None:
        name = words.terms(slug.replace("-", " "))
        description = words.terms(description_text)
        body = words.terms(body_text)
        self.counts: dict[str, float] = dict(Counter(body))
        self.length = len(body) + len(description) + len(name)
        self.topic: dict[str, float] = dict.fromkeys(description, 1.0)
        self.topic.update(dict.fromkeys(name, _NAME_BOOST))
        for term in set(description):
            self.counts[term] = self.counts.get(term, 0) + _DESCRIPTION_COUNT
        for term in set(name):
            self.counts[term] = self.counts.get(term, 0) + _NAME_COUNT


# Of a changed library all texts but one, and the built-in bank in every workspace.
_document = lru_cache(maxsize=4_096)(IndexedDocument)
