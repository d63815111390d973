"""What a text is about, said in English words: for a model of meaning that knows English best.

No translation: the words of work that ``glossary.tsv`` knows, in their order, and whatever may be
a name. That is enough to tell a refund from a vacation in eight languages.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from apps.skills import words

_FILE: Final = Path(__file__).with_name("glossary.tsv")
_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_NAME = re.compile("[a-z]{3,}")
# A long compound may hold several known words: 'Kundenrechnung'.
_COMPOUND = 9
_PIECE = 4
_JOINTS = ("s", "n", "en", "es")
# Scripts without blanks: no entry is longer.
_LONGEST_RUN = 8
_MEANINGS = 2


@dataclass(slots=True)
class _Language:
    meanings: dict[str, list[str]] = field(default_factory=dict)
    phrases: list[tuple[re.Pattern[str], str]] = field(default_factory=list)
    grammar: frozenset[str] = frozenset()

    def add(self, said: str, meaning: str) -> None:
        if " " in said:
            self.phrases.append((re.compile(rf"\b{re.escape(said)}"), meaning))
            return
        known = self.meanings.setdefault(said, [])
        if len(known) < _MEANINGS:
            known.append(meaning)

    def find(self, word: str) -> list[str]:
        """The meanings of the longest entry that the word begins with, leaving an ending."""
        for length in range(len(word), 2, -1):
            found = self.meanings.get(word[:length])
            if found is not None and len(word) - length <= _ending(length):
                return found
        return []


def english_of(text: str) -> str:
    """The known words of a text in English, each once; empty for an English text."""
    folded = words.plain(text).casefold()
    said = _WORD.findall(folded)
    name = _language_of(folded, said)
    if name is None:
        return ""
    language = _languages()[name]
    found = _runs(language, folded) if name in ("zh", "ja") else _words(language, folded, said)
    return " ".join(dict.fromkeys(word for meaning in found for word in meaning.split()))


def _words(language: _Language, folded: str, said: list[str]) -> Iterator[str]:
    for pattern, meaning in language.phrases:
        if pattern.search(folded):
            yield meaning
    for word in said:
        if word in language.grammar or words.is_stop(word):
            continue
        known = language.find(word) or _parts(language, word)
        # What is not known may be a name: it means the same in English.
        yield from known or ([word] if word.isascii() else [])


def _parts(language: _Language, word: str) -> list[str]:
    """The meanings of a compound that is made of known words only."""
    found: list[str] = []
    at = 0
    while len(word) >= _COMPOUND and at < len(word):
        for end in range(len(word), at + _PIECE - 1, -1):
            known = language.meanings.get(word[at:end])
            if known:
                found += known
                at = end
                break
        else:
            rest = next((one for one in _JOINTS if found and word.startswith(one, at)), "")
            if not rest:
                return []
            at += len(rest)
    return found


def _runs(language: _Language, folded: str) -> Iterator[str]:
    """The longest entries from left to right, for scripts without blanks."""
    at = 0
    while at < len(folded):
        for length in range(_LONGEST_RUN, 0, -1):
            known = language.meanings.get(folded[at : at + length])
            if known and at + length <= len(folded):
                yield from known
                at += length
                break
        else:
            at += 1
    yield from _NAME.findall(folded)


def _language_of(folded: str, said: list[str]) -> str | None:
    """The language of a text; None for English and for those that the glossary lacks."""
    if folded.isascii() and not said:
        return None
    for pattern, name in ((_KANA, "ja"), (_HAN, "zh"), (_CYRILLIC, "ru")):
        if pattern.search(folded):
            return name
    best, most = None, float(sum(word in _english_grammar() for word in said))
    for name in ("de", "fr", "es", "pt"):
        language = _languages()[name]
        hits = sum((word in language.grammar) + bool(language.find(word)) / 2 for word in said)
        if hits > most:
            best, most = name, hits
    return best


def _ending(length: int) -> int:
    """How many letters of ending a word may add to an entry of this length."""
    return 0 if length < 4 else 2 if length < 5 else 4


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, _Language]:
    rows = [line.split("\t") for line in _lines()]
    names = rows[0][1:]
    found = {name: _Language() for name in names}
    for meaning, *cells in rows[1:]:
        for name, cell in zip(names, cells, strict=True):
            said = [words.plain(one).casefold() for one in cell.split("/") if one]
            if meaning == "*":
                found[name].grammar = frozenset(said)
            elif not meaning.startswith("*"):
                for one in said:
                    found[name].add(one, meaning.replace("/", " "))
    return found


@lru_cache(maxsize=1)
def _english_grammar() -> frozenset[str]:
    row = next(line for line in _lines() if line.startswith("*en\t"))
    return frozenset(row.split("\t")[1].split("/"))


def _lines() -> list[str]:
    text = _FILE.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
