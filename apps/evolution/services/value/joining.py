"""One text of two, without a model: a draft that a reviewer may edit."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from apps.skills import words
from apps.skills.skillmd import SkillDoc

_HEADING = re.compile(r"#{1,6}\s+(?P<title>\S.*)")
_POINT = re.compile(r"\s*(?:[-*+]|(?P<number>\d+)[.)])\s+(?P<said>\S.*)")
# A point that shares so many of its words with one that is there says nothing new.
_SAID_ALREADY = 0.6


@dataclass(slots=True)
class _Section:
    heading: str
    lines: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        found = _HEADING.match(self.heading)
        return " ".join(words.terms(found["title"])) if found else ""

    def add(self, said: str) -> None:
        """A point behind the others, numbered if they are."""
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        last = _POINT.match(self.lines[-1]) if self.lines else None
        number = int(last["number"]) + 1 if last and last["number"] else 0
        self.lines.append(f"{number}. {said}" if number else f"- {said}")


def joined(kept: SkillDoc, gone: SkillDoc) -> SkillDoc:
    """The first text with the points of the second that it does not make.

    Each under the heading that it had: what is to be avoided stays to be avoided.
    """
    sections = _sections(kept.body)
    by_title = {section.title: section for section in reversed(sections)}
    said = [_terms(line) for line in kept.body.splitlines()]
    is_more = False
    for other in _sections(gone.body):
        for point in _points(other.lines):
            if _is_said(_terms(point), said):
                continue
            if other.title not in by_title:
                by_title[other.title] = _Section(other.heading)
                sections.append(by_title[other.title])
            by_title[other.title].add(point)
            is_more = True
    if not is_more:
        return kept
    parts = [part for one in sections for part in (one.heading, "\n".join(one.lines).strip("\n"))]
    return replace(kept, body="\n\n".join(part for part in parts if part))


def _sections(body: str) -> list[_Section]:
    found = [_Section("")]
    for line in body.splitlines():
        if _HEADING.match(line):
            found.append(_Section(line))
        else:
            found[-1].lines.append(line)
    return found


def _points(lines: Iterable[str]) -> list[str]:
    return [found["said"].rstrip() for line in lines if (found := _POINT.match(line))]


def _terms(line: str) -> set[str]:
    return set(words.terms(line))


def _is_said(terms: set[str], said: Sequence[set[str]]) -> bool:
    return any(len(terms & one) >= _SAID_ALREADY * len(terms) for one in said)
