"""Facts about text that several apps need: its size for a model, and what in it cannot be seen."""

import re
import unicodedata
from collections.abc import Iterator

# Scripts in which a tokenizer spends about one token per character.
_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\u303f\u3040-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_ALLOWED_CONTROLS = frozenset("\n\t")
_JOINERS = frozenset("\u200c\u200d")
_EMOJI_PRESENTATION = "\ufe0f"
# Letters and separators that are drawn as nothing although their category says otherwise.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HIDDEN_CATEGORIES = frozenset({"Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp"})
_VISIBLE_ASCII = re.compile(r"[\n\t\x20-\x7e]*\Z")


def estimate_tokens(text: str) -> int:
    """About how many tokens ``text`` costs a model; deterministic, no tokenizer needed.

    Four characters per token for ASCII, two for other alphabets, one for CJK and Hangul.
    """
    if text.isascii():
        return (len(text) + 3) // 4
    wide = len(_WIDE.findall(text))
    ascii_count = len(text.encode("ascii", "ignore"))
    other = len(text) - ascii_count - wide
    return wide + (ascii_count + 2 * other + 3) // 4


def normalize_newlines(text: str) -> str:
    """One line ending, ``\\n``, whatever system wrote the text."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def control_characters(text: str) -> Iterator[tuple[int, str]]:
    """(line, character) of every control character but newline and tab, lone surrogates too."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.isprintable():
            continue
        for char in line:
            if char not in _ALLOWED_CONTROLS and unicodedata.category(char) in {"Cc", "Cs"}:
                yield number, char


def hidden_characters(text: str) -> Iterator[tuple[int, str]]:
    """(line, character) of everything a reader cannot see or that reorders what they see.

    Joiners are allowed where a script or an emoji sequence needs them; elsewhere they hide text.
    """
    if _VISIBLE_ASCII.match(text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        for index, char in enumerate(line):
            if char != "\t" and _is_hidden(line, index, char):
                yield number, char


def code_point(char: str) -> str:
    """``U+202E RIGHT-TO-LEFT OVERRIDE``: a character named so that it can be looked for."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".rstrip()


def _is_hidden(line: str, index: int, char: str) -> bool:
    if char.isascii() and char.isprintable():
        return False
    if char in _JOINERS:
        return not _joins(line, index)
    if _is_variation_selector(char):
        return not (char == _EMOJI_PRESENTATION and index > 0 and _takes_presentation(line, index))
    return char in _BLANK_LETTERS or unicodedata.category(char) in _HIDDEN_CATEGORIES


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _takes_presentation(line: str, index: int) -> bool:
    before = line[index - 1]
    return unicodedata.category(before) in {"So", "Sm"} or before in "0123456789#*"


def _joins(line: str, index: int) -> bool:
    """Whether a joiner stands between two letters of a joining script or two emoji."""
    if not 0 < index < len(line) - 1:
        return False
    before, after = line[index - 1], line[index + 1]
    if before == _EMOJI_PRESENTATION or unicodedata.category(before) in {"So", "Sk"}:
        return unicodedata.category(after) == "So"
    return _is_joining_script(before) and _is_joining_script(after)


def _is_joining_script(char: str) -> bool:
    return "\u0600" <= char <= "\u08ff" or "\u0900" <= char <= "\u0dff"
