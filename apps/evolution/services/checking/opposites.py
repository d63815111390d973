"""Whether two texts ask for opposite things. A deterministic heuristic, for a person to look at.

A text is read as *orders*: its list items and sentences, each with what it is about (its terms
without little words) and whether it says to do it or not to. An order is negative after "do not",
"never", "avoid" and their like in other languages, or under a heading such as "Avoid"; "without"
and its like turn it round. Two orders contradict each other when they are about the same thing and

- one says to do it and the other not to, or
- both say to do it, but with opposite words (always, never; before, after; UTC, local), or
- both say to do it, differing in a format alone (YYYY-MM-DD, DD.MM.YYYY).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from apps.skills import words

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*)$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*")
_MARKUP = re.compile(r"[*_`]+")
_NEGATION: Final = re.compile(
    r"\b(?:do not|don['’]?t|does not|must not|mustn['’]?t|should not|shouldn['’]?t|may not|cannot"
    r"|can['’]?t|never|avoid|refrain from|no longer"
    r"|nicht|kein\w*|nie|niemals|vermeide\w*|jamais|évite[rz]?|nunca|evit[ae]r?|não"
    r"|не|никогда|избега\w+)\b"
    r"|\bn['’e]\s?\w+ pas\b|\bno (?=\w+[ae]s?\b)"
    r"|不要|不得|切勿|勿|避免|禁止|别|しない|避け|禁ず|하지 ?마|금지|피하",
    re.IGNORECASE,
)
_LACK = re.compile(
    r"\b(?:without|lacking|missing|omitting|skipping|forgetting|leaving out|ohne|sans|sin|sem"
    r"|без)\b"
    r"|没有|缺少|なし|없이",
    re.IGNORECASE,
)
_NEGATIVE_HEADING = re.compile(
    r"\b(?:avoid|never|don['’]?ts?|do not|anti-?patterns?|mistakes|wrong|vermeiden|falsch"
    r"|éviter|evitar|избегать)\b|避免|禁止|避ける|금지",
    re.IGNORECASE,
)
# Words that turn an order round although nothing is denied.
_OPPOSITES: Final = (
    ("always", "never"),
    ("before", "after"),
    ("first", "last"),
    ("utc", "local"),
    ("include", "omit"),
    ("include", "exclude"),
    ("add", "remove"),
    ("keep", "delete"),
    ("allow", "forbid"),
    ("tabs", "spaces"),
    ("uppercase", "lowercase"),
    ("snake", "kebab"),
    ("ascending", "descending"),
    ("formal", "informal"),
    ("short", "long"),
    ("brief", "detailed"),
    ("metric", "imperial"),
    ("ask", "assume"),
    ("vor", "nach"),
    ("immer", "nie"),
)
_OPPOSITE: Final = {pair for one, other in _OPPOSITES for pair in ((one, other), (other, one))}
_TURNING: Final = frozenset(word for pair in _OPPOSITES for word in pair)
# Of a format alone: capitals and digits with signs between them, or a file's ending.
_FORMAT = re.compile(
    r"\b(?:[A-Z]{2,4}(?:[-/.: ][A-Z]{2,4}){1,4}|\d+(?:[-/.:]\d+)+)\b|(?<!\w)\.[a-z]{2,5}\b"
)
_SHARED_LEAST = 2
_SHARE = 0.6
_ORDERS_READ = 60


@dataclass(frozen=True, slots=True)
class Order:
    text: str
    about: frozenset[str]
    is_negative: bool
    said: frozenset[str]
    formats: frozenset[str]


@lru_cache(maxsize=2048)
def orders_of(body: str) -> tuple[Order, ...]:
    """The orders that a skill's body gives, in order."""
    found: list[Order] = []
    under_negative = False
    for line in body.splitlines():
        heading = _HEADING.match(line)
        if heading is not None:
            under_negative = bool(_NEGATIVE_HEADING.search(heading[1]))
            continue
        text = _MARKUP.sub("", _ITEM.sub("", line)).strip()
        for sentence in filter(None, _SENTENCE.split(text)):
            order = _order(sentence, under_negative)
            if order.about or order.formats:
                found.append(order)
    return tuple(found[:_ORDERS_READ])


def contradiction(mine: Sequence[Order], theirs: Sequence[Order]) -> tuple[Order, Order] | None:
    """The first two orders of which one undoes the other."""
    for one in mine:
        for other in theirs:
            if _contradict(one, other):
                return one, other
    return None


def _order(sentence: str, under_negative: bool) -> Order:  # noqa: FBT001
    # "Never …" under a heading "Avoid" is the same warning said twice, not a double one; but to
    # avoid a time without its offset is to give the offset.
    is_denied = under_negative or _NEGATION.search(sentence) is not None
    is_negative = is_denied != (_LACK.search(sentence) is not None)
    formats = frozenset(_FORMAT.findall(sentence))
    bare = _FORMAT.sub(" ", _LACK.sub(" ", _NEGATION.sub(" ", sentence)))
    said = frozenset(words.plain(bare).casefold().replace(",", " ").replace(".", " ").split())
    about = frozenset(words.terms(" ".join(said - _TURNING)))
    return Order(sentence[:120], about, is_negative, said, formats)


def _contradict(one: Order, other: Order) -> bool:
    differ_in_format = bool(one.formats and other.formats and not one.formats & other.formats)
    if one.is_negative != other.is_negative:
        # Not to write a date in one format agrees with writing it in another.
        return not differ_in_format and _same(one.about | one.formats, other.about | other.formats)
    if one.is_negative or not _same(one.about, other.about):
        return False
    return differ_in_format or any(
        (a, b) in _OPPOSITE for a in one.said - other.said for b in other.said - one.said
    )


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both are about the same thing: one of them for the larger part about the other's."""
    shared, smaller = len(one & other), min(len(one), len(other))
    return (
        one == other
        if smaller < _SHARED_LEAST
        else (shared >= _SHARED_LEAST and shared >= _SHARE * smaller)
    )
