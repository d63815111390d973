"""Text into the model's pieces of words: BERT's uncased WordPiece.

https://arxiv.org/abs/1609.08144 (section 4.1); the rules of splitting are those of the model's
own ``tokenizer.json``.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

MAX_TOKENS: Final = 256
_LONGEST_WORD = 100
# More characters than 256 tokens can hold, in any language.
_READ = 4_000


class Tokenizer:
    """Numbers of the pieces of a text, between the marks for its beginning and end."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._unknown = vocabulary["[UNK]"]
        self._start = vocabulary["[CLS]"]
        self._end = vocabulary["[SEP]"]
        self._pieces = lru_cache(maxsize=16_384)(self._split)

    def encode(self, text: str) -> list[int]:
        """At most ``MAX_TOKENS`` numbers; the end of a longer text is left out."""
        found = [self._start]
        for word in _words(text[:_READ]):
            found += self._pieces(word)
            if len(found) >= MAX_TOKENS:
                break
        return [*found[: MAX_TOKENS - 1], self._end]

    def _split(self, word: str) -> tuple[int, ...]:
        """The longest known piece first, again and again; all or nothing."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._vocabulary.get(mark + word[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    if text.isascii():
        plain = text.lower()
    else:
        decomposed = unicodedata.normalize("NFD", text.lower())
        plain = "".join(one for one in decomposed if unicodedata.category(one) != "Mn")
    word: list[str] = []
    for character in plain:
        kind = _kind(character)
        if kind == "letter":
            word.append(character)
            continue
        if kind == "nothing":
            continue
        if word:
            yield "".join(word)
            word.clear()
        if kind == "alone":
            yield character
    if word:
        yield "".join(word)


@lru_cache(maxsize=16_384)
def _kind(character: str) -> str:
    """``letter``, ``blank``, ``nothing`` (is dropped) or ``alone`` (is a word of its own)."""
    code = ord(character)
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return "blank"
    category = unicodedata.category(character)
    if code in (0, 0xFFFD) or category.startswith("C"):
        return "nothing"
    is_ascii_mark = code < 128 and not character.isalnum()
    if is_ascii_mark or category.startswith("P") or _is_chinese(code):
        return "alone"
    return "letter"


def _is_chinese(code: int) -> bool:
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x2CEAF
        or 0xF900 <= code <= 0xFAFF
        or 0x2F800 <= code <= 0x2FA1F
    )
