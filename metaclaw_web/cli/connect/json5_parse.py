"""Reads JSON and JSON5 and remembers where everything stands, so that a text can be edited
without touching the rest of it: comments, order, spacing and quotes stay."""

import json
import re
from dataclasses import dataclass
from typing import Any

from metaclaw_web.cli.connect.changes import Unreadable

_BLANK = re.compile(r"(?:[\s\ufeff]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_BARE = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F]+|Infinity|NaN|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
)
_WORDS = {"true": True, "false": False, "null": None, "Infinity": float("inf")}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}


@dataclass(slots=True)
class Member:
    start: int
    node: "Node"


@dataclass(slots=True)
class Node:
    """A value, and from where to where it stands. ``members`` are those of an object."""

    start: int
    end: int
    value: Any
    members: dict[str, Member] | None = None
    # Behind the last member and its comma, if it has one.
    has_comma: bool = False
    after_last: int = 0


@dataclass(slots=True)
class Parser:
    text: str
    at: int = 0
    uses_bare_keys: bool = False

    def document(self) -> Node:
        """The one value of the text; raises Unreadable."""
        self._skip()
        node = self._value()
        self._skip()
        if self.at != len(self.text):
            raise self._wrong("the end")
        return node

    def _skip(self) -> None:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _wrong(self, wanted: str) -> Unreadable:
        line = self.text.count("\n", 0, self.at) + 1
        return Unreadable(f"line {line}: {wanted} was expected")

    def _value(self) -> Node:
        start = self.at
        match self._peek():
            case "{":
                return self._object()
            case "[":
                return self._array()
            case '"' | "'":
                text = self._string()
                return Node(start, self.at, text)
            case _:
                return self._plain()

    def _plain(self) -> Node:
        start = self.at
        word = _BARE.match(self.text, start)
        if word and word[0] in _WORDS:
            self.at = word.end()
            return Node(start, self.at, _WORDS[word[0]])
        number = _NUMBER.match(self.text, start)
        if not number:
            raise self._wrong("a value")
        self.at = number.end()
        return Node(start, self.at, _number(number[0]))

    def _object(self) -> Node:
        node = Node(self.at, 0, {}, {})
        assert node.members is not None
        self.at += 1
        node.after_last = self.at
        self._skip()
        while self._peek() != "}":
            start = self.at
            name = self._key()
            self._skip()
            self._take(":")
            self._skip()
            inner = self._value()
            node.value[name] = inner.value
            # Written twice, the later one counts: it has to move to the end here too.
            node.members.pop(name, None)
            node.members[name] = Member(start, inner)
            node.has_comma = self._comma(node, "}")
        self.at += 1
        node.end = self.at
        return node

    def _array(self) -> Node:
        node = Node(self.at, 0, [])
        self.at += 1
        self._skip()
        while self._peek() != "]":
            node.value.append(self._value().value)
            node.has_comma = self._comma(node, "]")
        self.at += 1
        node.end = self.at
        return node

    def _comma(self, node: Node, close: str) -> bool:
        node.after_last = self.at
        self._skip()
        if self._peek() == ",":
            self.at += 1
            node.after_last = self.at
            self._skip()
            return True
        if self._peek() != close:
            raise self._wrong(f"a comma or {close}")
        return False

    def _take(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._wrong(mark)
        self.at += 1

    def _key(self) -> str:
        if self._peek() and self._peek() in "\"'":
            return self._string()
        found = _BARE.match(self.text, self.at)
        if not found:
            raise self._wrong("a name")
        self.uses_bare_keys = True
        self.at = found.end()
        return found[0]

    def _string(self) -> str:
        quote, start = self._peek(), self.at
        self.at += 1
        pieces: list[str] = []
        while (mark := self._peek()) != quote:
            if mark in ("", "\n"):
                self.at = start
                raise self._wrong(f"a closing {quote}")
            self.at += 1
            pieces.append(self._escape() if mark == "\\" else mark)
        self.at += 1
        # Halves of one character may have been written as two escapes.
        return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _escape(self) -> str:
        mark = self._peek()
        self.at += 1
        if mark in "\r\n":
            self.at += mark == "\r" and self._peek() == "\n"
            return ""
        digits = {"u": 4, "x": 2}.get(mark)
        if digits is None:
            return _ESCAPES.get(mark, mark)
        code = self.text[self.at : self.at + digits]
        if not re.fullmatch(rf"[0-9a-fA-F]{{{digits}}}", code):
            raise self._wrong("an escaped character")
        self.at += digits
        return chr(int(code, 16))


def _number(text: str) -> float | int:
    sign = -1 if text.startswith("-") else 1
    bare = text.lstrip("+-")
    if bare[:2] in ("0x", "0X"):
        return sign * int(bare, 16)
    if bare in ("Infinity", "NaN"):
        return sign * float(bare)
    return sign * (int(bare) if bare.isdigit() else float(bare))


def rendered(value: Any, unit: str, indent: str, *, bare_keys: bool) -> str:
    """A value as text, its lines after the first at ``indent``."""
    if isinstance(value, dict) and value:
        inner = indent + unit
        lines = [
            f"{inner}{key_text(name, bare=bare_keys)}: "
            + rendered(one, unit, inner, bare_keys=bare_keys)
            for name, one in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        inner = indent + unit
        lines = [inner + rendered(one, unit, inner, bare_keys=bare_keys) for one in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def key_text(name: str, *, bare: bool) -> str:
    return name if bare and _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
