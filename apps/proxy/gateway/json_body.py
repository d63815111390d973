"""A request body that can be read and edited in one spot without touching the rest.

Re-serialising a caller's JSON would change key order, number formats and escapes, and with
them signatures and prompt caches. So the text is parsed once (by the C scanner of ``json``)
with the positions of what matters noted, and edits are insertions into the original text.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from json import decoder
from typing import Any, NamedTuple


class NotJson(ValueError):
    """The body cannot be used; the text says why."""


def _refuse_constant(name: str) -> None:
    # Python reads NaN and Infinity; providers and databases do not.
    raise NotJson(f"The body is not valid JSON ({name}).")


# The C functions behind ``json.loads``; typeshed does not know them.
_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(  # type: ignore[attr-defined]
    parse_constant=_refuse_constant
).scan_once
_scan_string: Callable[[str, int], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
_space = re.compile(r"[ \t\n\r]*").match
# A member's name and what stands before its value; names with escapes take the longer way.
_member = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*').match
_colon = re.compile(r"[ \t\n\r]*:[ \t\n\r]*").match
# What stands behind a value: the end, or a comma and what comes before the next one.
_behind = re.compile(r"[ \t\n\r]*([,}\]])[ \t\n\r]*").match


def _skip(text: str, at: int) -> int:
    """Where the next character that is not white space stands."""
    found = _space(text, at)
    return found.end() if found else at


class Span(NamedTuple):
    """Where a value stands in the text: ``text[start:end]``."""

    start: int
    end: int


@dataclass(slots=True)
class JsonBody:
    """An object with its members' places, and the places of one list's elements."""

    text: str
    values: dict[str, Any]
    members: dict[str, Span]
    elements: list[Span]
    _edits: list[tuple[int, int, str]] = field(default_factory=list)

    def insert(self, at: int, text: str) -> None:
        """Put ``text`` before position ``at`` of the original."""
        self._edits.append((at, at, text))

    def replace(self, span: Span, text: str) -> None:
        self._edits.append((span.start, span.end, text))

    def rendered(self, *more: tuple[Span, str]) -> bytes | None:
        """The edited body, or None if nothing was edited.

        ``more`` are replacements for this rendering alone.
        """
        edits = self._edits
        if more:
            edits = edits + [(span.start, span.end, text) for span, text in more]
        if not edits:
            return None
        parts, position = [], 0
        for start, end, text in sorted(edits, key=lambda edit: edit[0]):
            parts += [self.text[position:start], text]
            position = end
        parts.append(self.text[position:])
        return "".join(parts).encode()


def parse(body: bytes, listed: str = "messages") -> JsonBody:
    """Read a JSON object, with the places of the elements of its list called ``listed``.

    Raises NotJson with a reason that can be shown to the caller.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as exc:
        raise NotJson(f"The body is not UTF-8 (byte {exc.start}).") from exc
    try:
        values, members, elements, end = _object(text, _skip(text, 0), listed)
    except (json.JSONDecodeError, StopIteration) as exc:
        at = exc.pos if isinstance(exc, json.JSONDecodeError) else exc.value
        raise NotJson(f"The body is not valid JSON (character {at}).") from exc
    except RecursionError as exc:
        raise NotJson("The body is nested too deeply.") from exc
    except NotJson:
        raise
    except ValueError as exc:
        # Python limits the length of integers: reading them takes quadratic time.
        raise NotJson("The body holds a number with too many digits.") from exc
    if _skip(text, end) != len(text):
        raise NotJson(f"The body is not valid JSON (character {end}).")
    return JsonBody(text, values, members, elements)


def member_span(text: str, element: Span, name: str) -> Span | None:
    """Where the value of one member of an object inside the text stands."""
    _, members, _, _ = _object(text, element.start)
    return members.get(name)


def _object(
    text: str, start: int, listed: str = ""
) -> tuple[dict[str, Any], dict[str, Span], list[Span], int]:
    if text[start : start + 1] != "{":
        raise json.JSONDecodeError("expected an object", text, start)
    values: dict[str, Any] = {}
    members: dict[str, Span] = {}
    elements: list[Span] = []
    at = _skip(text, start + 1)
    if text[at : at + 1] == "}":
        return values, members, elements, at + 1
    while True:
        named = _member(text, at)
        if named is not None:
            name, at = named[1], named.end()
        else:
            name, at = _name(text, at)
        if name == listed and text[at : at + 1] == "[":
            value, elements, end = _array(text, at)
        else:
            value, end = _scan(text, at)
        values[name], members[name] = value, Span(at, end)
        is_last, at = _after(text, end, "}")
        if is_last:
            return values, members, elements, at


def _name(text: str, at: int) -> tuple[str, int]:
    """A member's name that holds escapes, and where its value begins."""
    if text[at : at + 1] != '"':
        raise json.JSONDecodeError("expected a name", text, at)
    name, at = _scan_string(text, at + 1)
    colon = _colon(text, at)
    if colon is None:
        raise json.JSONDecodeError("expected :", text, _skip(text, at))
    return name, colon.end()


def _array(text: str, start: int) -> tuple[list[Any], list[Span], int]:
    values: list[Any] = []
    spans: list[Span] = []
    at = _skip(text, start + 1)
    if text[at : at + 1] == "]":
        return values, spans, at + 1
    while True:
        value, end = _scan(text, at)
        values.append(value)
        spans.append(Span(at, end))
        is_last, at = _after(text, end, "]")
        if is_last:
            return values, spans, at


def _after(text: str, end: int, closing: str) -> tuple[bool, int]:
    """Whether a value was the last one, and where the text goes on."""
    behind = _behind(text, end)
    if behind is None or behind[1] not in ("," + closing):
        raise json.JSONDecodeError(f"expected {closing} or ,", text, _skip(text, end))
    if behind[1] == closing:
        return True, behind.end(1)
    return False, behind.end()
