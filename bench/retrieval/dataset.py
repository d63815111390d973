"""The labelled set: skills of many fields, requests in many languages, and what fits them.

``README.md`` beside this file says how it was made and what its files look like.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.core.text import estimate_tokens
from apps.skills.indexed import IndexedSkill

FOLDER = Path(__file__).resolve().parent
_SKILL = re.compile(r"^## (?P<slug>[a-z0-9-]+) \((?P<category>[a-z_]+)\)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Query:
    """A request and the skills that fit it; none may fit."""

    text: str
    language: str
    fits: frozenset[str]
    # Nothing fits, but the words remind of this skill.
    reminds_of: str = ""

    @property
    def split(self) -> str:
        """``dev`` or ``test``, by the hash of the text: nobody chose which."""
        return "dev" if hashlib.sha256(self.text.encode()).digest()[0] % 5 < 2 else "test"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Skills, the language each is written in, and the requests."""

    skills: tuple[IndexedSkill, ...]
    language_of: dict[str, str]
    queries: tuple[Query, ...]

    def group_of(self, query: Query) -> str:
        """``same`` language, ``other`` language, ``trap`` or ``none``."""
        if not query.fits:
            return "trap" if query.reminds_of else "none"
        languages = {self.language_of[slug] for slug in query.fits}
        return "same" if query.language in languages else "other"


def load(folder: Path = FOLDER) -> Dataset:
    """Read the set. Raises ValueError where it contradicts itself."""
    skills: list[IndexedSkill] = []
    language_of: dict[str, str] = {}
    for path in sorted((folder / "skills").glob("*.md")):
        for skill in _skills(path.read_text()):
            if skill.slug in language_of:
                raise ValueError(f"{skill.slug} is there twice.")
            language_of[skill.slug] = path.stem.partition("-")[0]
            skills.append(skill)
    queries = tuple(
        query
        for path in sorted((folder / "queries").glob("*.tsv"))
        for query in _queries(path.read_text(), path.stem)
    )
    _check(queries, language_of)
    return Dataset(tuple(skills), language_of, queries)


def _skills(text: str) -> Iterator[IndexedSkill]:
    heads = list(_SKILL.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        description, _, body = text[head.end() : end].strip().partition("\n\n")
        yield IndexedSkill(
            version_id=head["slug"],
            slug=head["slug"],
            version=1,
            description=description,
            body=body,
            category=head["category"],
            tokens=estimate_tokens(body),
            reach="relevant",
            learned=True,
        )


def _queries(text: str, language: str) -> Iterator[Query]:
    for line in text.splitlines():
        label, _, said = line.partition("\t")
        if label.startswith("!"):
            yield Query(said, language, frozenset(), reminds_of=label[1:])
        else:
            yield Query(said, language, frozenset(() if label == "-" else label.split()))


def _check(queries: Sequence[Query], language_of: dict[str, str]) -> None:
    seen = set()
    for query in queries:
        named = query.fits | ({query.reminds_of} if query.reminds_of else set())
        unknown = named - language_of.keys()
        if unknown or not query.text or query.text in seen or len(query.fits) > 3:
            raise ValueError(f"{query.language}: {query.text!r} {sorted(unknown)}")
        seen.add(query.text)
