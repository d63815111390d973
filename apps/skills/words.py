"""Text into search terms, for any language.

Words are folded (case, accents, light plural and verb endings), identifiers are split at case and
underscores, and scripts written without blanks become overlapping pieces.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from apps.skills.stopwords import STOP, WEAK

WEAK_WEIGHT: Final = 0.3

_MAX_WORD = 40
_MAX_MIXED = 12
# Accents go, so that 'configuracion' finds 'configuración'; the breve stays, 'й' is not 'и'.
_MARKS = re.compile("[\u0300-\u0305\u0307-\u036f\u064b-\u0652\u0640]+")
# \w leaves out the vowel signs of Indic and South-East Asian scripts, which belong to their words.
_WORD = re.compile("[\\w\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_CASE_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PAIRED = (
    "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_ALPHABETIC = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED = re.compile(f"([{_PAIRED}]+)|([{_ALPHABETIC}]+)")
# Pairs made of these carry grammar, not a topic.
_PARTICLES = re.compile(
    "[\u3041-\u309f]+|.*[的了吗呢吧啊是在我你他她它们这那和与或也就很请把被给].*|습니|니다|세요|주세|해주|하는|에서|으로"
)
_CYRILLIC = re.compile("[\u0400-\u04ff]{5,}")
_CYRILLIC_ENDING = re.compile(
    "(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ией|ием|ать|ять|ить|еть|ует|ешь|ишь|ают|яют|ает|яет|ала"
    "|ила|ов|ев|ей|ах|ях|ом|ем|ой|ам|ям|ых|их|ый|ий|ая|яя|ое|ее|ые|ие|ую|юю|ия|ию|ии|ет|ит|ут|ют|ат"
    "|ят|ал|ил|а|я|о|е|ы|и|у|ю|ь|й)$"
)
_LATIN = re.compile(r"[a-z]{4,}")
# British and American spelling: summaris(e), analys(e) and analysis, colour.
_SPELLING = re.compile(
    r"(?<=\w{4})is$|(?<=\w{3})isat$|(?<=\w{3})ysis$|(?<=\w{4})ys$|(?<=\w{2})our$"
)
_DOUBLED = re.compile(r"([bdfgmnprt])\1$")


def terms(text: str) -> list[str]:
    """The search terms of ``text`` in order, repeats included."""
    return [term for word in split(text) for term in terms_of(word)]


def split(text: str) -> list[str]:
    """The words of ``text`` as they are written, identifiers whole."""
    found: list[str] = _WORD.findall(text if text.isascii() else plain(text))
    return found


def weight_of(term: str) -> float:
    """How much a term says about a topic, whatever its frequency."""
    return WEAK_WEIGHT if term in _WEAK else 1.0


def is_stop(word: str) -> bool:
    """Whether a folded word says nothing about a topic."""
    return word in _STOP


def plain(text: str) -> str:
    """Compatibility forms and accents removed, letters kept whole."""
    decomposed = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", decomposed).replace("ё", "е")


def stem(word: str) -> str:
    """Bring plural and verb forms of one word together; light, so that little collides."""
    if _LATIN.fullmatch(word):
        return _latin_stem(word)
    if _CYRILLIC.fullmatch(word):
        return _CYRILLIC_ENDING.sub("", word, count=1)
    return word


@lru_cache(maxsize=65_536)
def terms_of(word: str) -> tuple[str, ...]:
    """The search terms of one word: its stem, the pieces of an identifier."""
    found: list[str] = []
    for part in word.split("_"):
        pieces = _CASE_BORDER.split(part)
        if len(pieces) > 1:
            # 'GitHub' is also written 'github': the whole counts beside its pieces.
            pieces.append(part)
        for piece in pieces:
            found += _terms_of_word(piece.casefold())
    return tuple(found)


def _terms_of_word(word: str) -> list[str]:
    if word.isascii():
        return [stem(word)] if _is_telling(word) else []
    found: list[str] = []
    end = 0
    for match in _UNSPACED.finditer(word):
        found += _spaced(word[end : match.start()])
        found += _pieces(match[1], 2) if match[1] else _pieces(match[2], 3)
        end = match.end()
    return found + _spaced(word[end:])


def _spaced(word: str) -> list[str]:
    return [stem(word)] if word and _is_telling(word) else []


def _pieces(run: str, size: int) -> list[str]:
    pieces = [run[at : at + size] for at in range(max(1, len(run) - size + 1))]
    return [piece for piece in pieces if piece not in _STOP and not _PARTICLES.fullmatch(piece)]


def _is_telling(word: str) -> bool:
    if word in _STOP or not 1 < len(word) <= _MAX_WORD:
        return False
    if word.isdigit():
        # Status codes, ports and standards; longer numbers are data.
        return 3 <= len(word) <= 4
    # Hashes and identifiers mix letters with digits.
    return len(word) <= _MAX_MIXED or word.isalpha() or not word.isascii()


def _latin_stem(word: str) -> str:
    word = _singular(word)
    if word.endswith("ing") and len(word) >= 6:
        word = _DOUBLED.sub(r"\1", word[:-3])
    elif word.endswith("ied") and len(word) >= 5:
        word = word[:-3] + "y"
    elif word.endswith("ed") and len(word) >= 5 and not word.endswith("eed"):
        word = _DOUBLED.sub(r"\1", word[:-2])
    elif word.endswith("tion") and len(word) >= 7:
        word = word[:-3]
    if word.endswith("e") and len(word) >= 5:
        word = word[:-1]
    return _SPELLING.sub(_american, word)


def _american(match: re.Match[str]) -> str:
    return {"is": "iz", "isat": "izat", "ys": "yz", "ysis": "yz", "our": "or"}[match[0]]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) >= 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


_STOP: Final = frozenset(plain(word) for word in STOP)
_WEAK: Final = frozenset(term for word in WEAK for term in (stem(plain(word)), plain(word)))
