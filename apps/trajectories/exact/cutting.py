"""Taking a request body apart where clients repeat themselves.

The pieces of a body, joined, are the body: whatever is made of them is exact, however odd
the body is. Where the cuts fall only decides how well the next request can share them.
"""

import json
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from hashlib import blake2b, sha256
from typing import Any

# In C: the end of a value at the price of parsing it.
_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_white = re.compile(r"[ \t\n\r]*").match

# Lists that grow from request to request, or of which single entries change.
_LISTS = frozenset({"messages", "input", "system", "tools"})
_TEXTS = frozenset({"system", "instructions", "prompt", "input"})
_STANDING = frozenset({"system", "tools", "instructions"})
_STANDING_ROLES = frozenset({"system", "developer"})


@dataclass(frozen=True, slots=True)
class Piece:
    content: bytes
    digest: bytes
    # Instructions and tools: other conversations send them too.
    is_standing: bool = False

    @classmethod
    def of(cls, content: bytes, *, is_standing: bool = False) -> "Piece":
        return cls(content, blake2b(content, digest_size=16).digest(), is_standing)


@dataclass(frozen=True, slots=True)
class CutBody:
    """A body with all that storing it needs to know; made where there is time for that."""

    content: bytes
    pieces: list[Piece]
    sha256: bytes

    @classmethod
    def of(cls, content: bytes) -> "CutBody":
        return cls(content, cut(content), sha256(content).digest())


def cut(body: bytes) -> list[Piece]:
    """The pieces of a body, in order. What is no JSON object of ours is a single piece."""
    try:
        text = body.decode()
        cuts = list(_cuts(text))
    except (ValueError, StopIteration, RuntimeError, IndexError, AttributeError):
        return [Piece.of(body)]
    pieces, start, is_standing = [], 0, False
    for end, is_next_standing in [*cuts, (len(text), False)]:
        if end > start:
            pieces.append(Piece.of(text[start:end].encode(), is_standing=is_standing))
            start = end
        is_standing = is_next_standing
    return pieces


def _cuts(text: str) -> Iterator[tuple[int, bool]]:
    """Where to cut, and whether what follows is a standing piece."""
    at = _opened(text, _skip(text, 0), "{")
    while text[at] != "}":
        key, at = _scan(text, at)
        at = _skip(text, _opened(text, _skip(text, at), ":"))
        if key in _LISTS and text[at] == "[":
            at = yield from _list_cuts(text, at, key)
        elif key in _TEXTS:
            yield at, key in _STANDING
            _, at = _scan(text, at)
            yield at, False
        else:
            _, at = _scan(text, at)
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _list_cuts(text: str, at: int, key: str) -> Generator[tuple[int, bool], None, int]:
    """Behind every entry: a comma belongs to the entry after it, so that a list that goes on
    starts with the same pieces. Answers with the end of the list."""
    at = _skip(text, at + 1)
    start = at
    while text[at] != "]":
        entry, end = _scan(text, at)
        role = entry.get("role") if isinstance(entry, dict) else None
        yield start, key in _STANDING or role in _STANDING_ROLES
        start = end
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    yield start, False
    return at + 1


def _skip(text: str, at: int) -> int:
    if text[at] > " ":
        return at
    found = _white(text, at)
    return found.end() if found else at


def _opened(text: str, at: int, mark: str) -> int:
    if text[at] != mark:
        raise ValueError(mark)
    return _skip(text, at + 1)
