"""Sentences for people: in English, and as what a reader of another language is told from.

A ``Said`` is its English. Beside that it knows its sentences as codes with values: the console has
words for the codes (``frontend/src/lib/said.ts``) and shows the English where it has none. What a
person, a provider or a model wrote is a value, or stands as it is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Self, TypedDict

Value = str | int | float | None
_AS_IT_IS: Final = "as_it_is"


class Sentence(TypedDict):
    code: str
    values: dict[str, Value]


class Said(str):
    """Text in English that also knows what it is made of."""

    sentences: tuple[Sentence, ...]

    def __new__(cls, text: str = "", sentences: Sequence[Sentence] = ()) -> Self:
        said = super().__new__(cls, text)
        said.sentences = tuple(sentences)
        return said

    def __str__(self) -> str:
        """Itself: ``str`` of an exception keeps the sentences that it was raised with."""
        return self


def say(code: str, english: str, **values: Value | datetime) -> Said:
    """A sentence; ``english`` has a place for each of its values, as ``str.format`` has them."""
    kept = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    text = english.format(**values) if values else english
    return Said(text, [Sentence(code=code, values=kept)])


def together(*said: str) -> Said:
    """One after the other. What only has a text is told as it is."""
    given = [one for one in said if one]
    return Said(" ".join(given), [sentence for one in given for sentence in sentences_of(one)])


def sentences_of(text: str) -> tuple[Sentence, ...]:
    if isinstance(text, Said) and text.sentences:
        return text.sentences
    return (Sentence(code=_AS_IT_IS, values={"text": str(text)}),) if text else ()
