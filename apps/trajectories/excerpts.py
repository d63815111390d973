"""A short piece of a text around the words that were looked for, with those words set apart.

It finds words by the rules of the index (``search_terms``), so that what is marked is what was
found. Places are looked for in the folded text and are given in the text as it was written.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from apps.trajectories.search_terms import (
    COMPOUND,
    PART,
    TEXT_CHARACTERS,
    WORD,
    Search,
    beginning_of,
    fold,
)

LENGTH: Final = 160
# In front of the first hit: few enough for a narrow column to show the hit, too.
_LEAD = 20
# So far an end is moved to stand between two words.
_SNAP = 15
# Places of one word that are looked at; the best piece is mostly among the first.
_PLACES = 50
# The longest word that the index tells apart.
_REACH = 40
# Texts are folded in pieces of this length; only those with a hit are gone through by character.
_PIECE = 400


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place in a folded text, and which of the words stands there."""

    start: int
    end: int
    word: int


def excerpt(texts: Sequence[str], search: Search) -> list[Part]:
    """The piece in which most of the words stand; without any, how the first text begins."""
    best: tuple[int, _Folded, Sequence[_Hit]] | None = None
    wanted = _wanted(search)
    for text in filter(None, texts):
        folded = _Folded(text[:TEXT_CHARACTERS])
        together = _together(_hits(folded.text, wanted))
        count = len({hit.word for hit in together})
        if count and (best is None or count > best[0]):
            best = count, folded, together
        if count == len(wanted):
            break
    if best is None:
        return _cut(next(filter(None, texts), ""), [])
    _, folded, hits = best
    return _cut(folded.source, [folded.place(hit.start, hit.end) for hit in hits])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word or a phrase: ways to look for it, of which the first that finds something counts."""

    ways: tuple[re.Pattern[str], ...]
    # A phrase stands where it stands; words begin somewhere.
    is_phrase: bool = False


def _wanted(search: Search) -> list[_Wanted]:
    phrases = [_Wanted((_literal(phrase),), is_phrase=True) for phrase in search.phrases]
    return phrases + [_Wanted(tuple(_ways(word))) for word in search.words]


def _literal(phrase: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, fold(phrase).split())))


def _ways(word: str) -> Iterator[re.Pattern[str]]:
    # Alternatives are tried in order: a word itself before what it begins with.
    yield _any_of([word, beginning_of(word)])
    run = WORD.fullmatch(word)
    if run and run[1] and len(word) > 2:
        yield _any_of([word[at : at + 2] for at in range(len(word) - 1)])


def _any_of(forms: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, dict.fromkeys(forms))))


def _hits(text: str, wanted: Sequence[_Wanted]) -> list[_Hit]:
    found: list[_Hit] = []
    for number, one in enumerate(wanted):
        for way in one.ways:
            matches = (m for m in way.finditer(text) if one.is_phrase or _is_indexed(text, m))
            hits = [_Hit(*match.span(), number) for match in islice(matches, _PLACES)]
            found += hits
            if hits:
                break
    return sorted(found, key=lambda hit: (hit.start, -hit.end))


def _is_indexed(text: str, match: re.Match[str]) -> bool:
    """Whether the index finds a word at this place: where one begins, or inside a long one."""
    start, end = match.span()
    for around in WORD.finditer(text, max(0, start - _REACH), end + _REACH):
        if around.end() <= start:
            continue
        if around[1]:
            return True
        if end - start <= 2:
            return around.span() == (start, end)
        if around.start() == start:
            return True
        is_compound = len(around[0]) >= COMPOUND and around[0].isalpha()
        return is_compound and around.end() - start >= PART
    return False


def _together(hits: Sequence[_Hit]) -> Sequence[_Hit]:
    """The hits of the piece that has the most different words; of two, the first."""
    best: Sequence[_Hit] = []
    starts = [hit.start for hit in hits]
    for at, first in enumerate(starts):
        near = hits[at : bisect_left(starts, first + LENGTH - _LEAD)]
        if len({hit.word for hit in near}) > len({hit.word for hit in best}):
            best = near
    return best


def _cut(text: str, hits: Sequence[tuple[int, int]]) -> list[Part]:
    start = _start_of(text, hits[0][0]) if hits else 0
    end = _end_of(text, start + LENGTH, [hit for hit in hits if hit[0] < start + LENGTH])
    parts = [Part("…", is_hit=False)] if start else []
    at = start
    for begin, stop in hits:
        if begin >= end or stop <= at:
            continue
        parts += [
            Part(text[at:begin], is_hit=False),
            Part(text[max(at, begin) : stop], is_hit=True),
        ]
        at = stop
    parts.append(Part(text[at:end] + ("…" if end < len(text) else ""), is_hit=False))
    return _joined(parts)


def _start_of(text: str, hit: int) -> int:
    start = hit - _LEAD
    if start <= 0:
        return 0
    between = re.compile(r"\s").search(text, start, min(start + _SNAP, hit))
    return between.end() if between else _whole(text, start)


def _end_of(text: str, end: int, hits: Sequence[tuple[int, int]]) -> int:
    end = max(end, *(stop for _, stop in hits)) if hits else end
    if end >= len(text):
        return len(text)
    least = max([end - _SNAP, *(stop for _, stop in hits)])
    cut = max(text.rfind(blank, least, end) for blank in " \n\t")
    return cut if cut > 0 else _whole(text, end)


def _joined(parts: Iterable[Part]) -> list[Part]:
    """Neighbours of one kind made one; all white space is a blank."""
    found: list[Part] = []
    for part in parts:
        text = re.sub(r"\s+", " ", part.text)
        if found and found[-1].is_hit == part.is_hit:
            text = found.pop().text + text
        if text:
            found.append(Part(text, part.is_hit))
    return found


class _Folded:
    """A folded text that knows where in its source each character comes from."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._is_plain = source.isascii()
        self._cuts = [0] if self._is_plain else list(_piece_starts(source))
        pieces = [fold(source[a:b]) for a, b in self._spans()]
        self.text = "".join(pieces)
        self._starts = [0]
        for piece in pieces[:-1]:
            self._starts.append(self._starts[-1] + len(piece))
        self._maps: dict[int, list[tuple[int, int]]] = {}

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The same place in the source; a character that became two is there as a whole."""
        if self._is_plain:
            return start, end
        return self._origin(start)[0], self._origin(end - 1)[1]

    def _spans(self) -> Iterator[tuple[int, int]]:
        return zip(self._cuts, [*self._cuts[1:], len(self.source)], strict=True)

    def _origin(self, at: int) -> tuple[int, int]:
        piece = bisect_right(self._starts, at) - 1
        if piece not in self._maps:
            begin = self._cuts[piece]
            stop = [*self._cuts, len(self.source)][piece + 1]
            self._maps[piece] = list(_origins(self.source, begin, stop))
        return self._maps[piece][at - self._starts[piece]]


def _piece_starts(text: str) -> Iterator[int]:
    at = 0
    while at < len(text):
        yield at
        at = _whole(text, at + _PIECE)


def _origins(text: str, at: int, stop: int) -> Iterator[tuple[int, int]]:
    """For each character of the folded piece: the characters that it was."""
    while at < stop:
        end = _whole(text, at + 1)
        for _ in fold(text[at:end]):
            yield at, end
        at = end


def _whole(text: str, at: int) -> int:
    """The first place from ``at`` on where no character is torn from its marks."""
    while at < len(text) and _clings(text[at]):
        at += 1
    return at


def _clings(character: str) -> bool:
    if character.isascii():
        return False
    # Accents and vowel signs; the second and third letter of a Korean syllable; the sound marks
    # of half-width katakana.
    is_mark = unicodedata.category(character)[0] == "M"
    return is_mark or "\u1160" <= character <= "\u11ff" or character in "\uff9e\uff9f"
