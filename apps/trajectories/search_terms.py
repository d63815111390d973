"""Text into the terms under which it is found, and a search into a question about them.

Made for finding what somebody remembers, in any language: a word finds every word that begins
with it, and the compounds it stands in; scripts written without blanks are cut into overlapping
pairs. Terms begin with a mark of their workspace: one index serves all, and a search walks over
the terms of its own workspace only.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

# What is indexed of each text: words further behind are found by nobody, but cost everybody.
TEXT_CHARACTERS: Final = 20_000
_MAX_WORD = 40
_MAX_TERMS = 4_000
# From this length on a word may be a compound; parts of it count from PART letters on.
COMPOUND, PART = 9, 4
_QUERY_WORDS = 12
# Accents go, so that 'Uberblick' finds 'Überblick'; the breve stays, 'й' is not 'и'.
_MARKS = re.compile("[\u0300-\u0305\u0307-\u036f\u064b-\u0652\u0640]+")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# \w leaves out the vowel signs of Indic scripts, which belong to their words.
WORD = re.compile(f"([{_UNSPACED}]+)|((?:(?![{_UNSPACED}_])[\\w\u0900-\u0dff])+)")
_PHRASE = re.compile('["“”„«»]([^"“”„«»]+)["“”„«»]')
# Endings of English and German; a shorter beginning finds more, never less.
_ENDING = re.compile(r"(?<=[a-z]{4})(?:ings?|ed|en|s)$")
_ENDING_LEAST = 6


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed. ``words`` are folded; ``phrases`` must stand in the text as they are."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    tsquery: str

    @property
    def is_empty(self) -> bool:
        return not self.tsquery


def fold(text: str) -> str:
    """Without case, accents and compatibility forms."""
    if text.isascii():
        return text.lower()
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", plain).casefold()


def tsvector_of(tenant_id: UUID, *texts: str) -> str:
    """The terms of some texts, as Postgres reads a ``tsvector``."""
    found: set[str] = set()
    for text in texts:
        for run, word in WORD.findall(fold(text[:TEXT_CHARACTERS])):
            found.update(_pairs(run) if run else _word_terms(word))
            if len(found) >= _MAX_TERMS:
                break
    mark = _mark(tenant_id)
    # Terms are letters and digits: there is nothing in them to quote.
    return " ".join(f"'{mark}{term}'" for term in sorted(found))


def search_of(tenant_id: UUID, q: str) -> Search:
    """What somebody typed, as a question to the index: every word must be there."""
    mark = _mark(tenant_id)
    words: list[str] = []
    parts: list[str] = []
    for run, word in WORD.findall(fold(q))[:_QUERY_WORDS]:
        words.append(run or word)
        parts += _run_question(mark, run) if run else [_word_question(mark, word)]
    return Search(
        words=tuple(words),
        phrases=tuple(phrase.strip() for phrase in _PHRASE.findall(q) if phrase.strip()),
        tsquery=" & ".join(dict.fromkeys(parts)),
    )


def _mark(tenant_id: UUID) -> str:
    # The random end of the id; the table's own column tells apart the few that share it.
    return tenant_id.hex[-6:]


@lru_cache(maxsize=65_536)
def _word_terms(word: str) -> tuple[str, ...]:
    word = word[:_MAX_WORD]
    if len(word) < COMPOUND or not word.isalpha():
        return (word,)
    return (word, *(word[at:] for at in range(1, len(word) - PART + 1)))


def _pairs(run: str) -> list[str]:
    # The last one alone, too: a search for one character looks for what begins with it.
    return [run[at : at + 2] for at in range(len(run))]


def _run_question(mark: str, run: str) -> list[str]:
    if len(run) == 1:
        return [f"'{mark}{run}':*"]
    return [f"'{mark}{run[at : at + 2]}'" for at in range(len(run) - 1)]


def beginning_of(word: str) -> str:
    """A folded word without its ending: what it is looked for by."""
    word = word[:_MAX_WORD]
    return _ENDING.sub("", word) if len(word) >= _ENDING_LEAST else word


def _word_question(mark: str, word: str) -> str:
    word = beginning_of(word)
    # Of one or two letters too many words begin with them.
    return f"'{mark}{word}'" + (":*" if len(word) > 2 else "")
