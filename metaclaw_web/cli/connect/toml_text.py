"""Edits of TOML texts, statement by statement; comments, order and spacing stay."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from metaclaw_web.cli.connect.changes import Change, Path, Unplaceable, Unreadable

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_KEY = re.compile(r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[ \t]*\.[ \t]*)+""")
# One piece of a value: a string, a comment, a bracket, or anything else but the line's end.
_PIECE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|(?P<comment>#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<line>\r?\n)|.",
    re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Statement:
    """``[path]`` when it is a header, else ``path = value``, where the value stands from
    ``start`` to ``end``."""

    path: Path
    start: int
    end: int
    is_header: bool = False


def load(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as exc:
        raise Unreadable(str(exc)) from None


def edited(text: str, change: Change) -> str:
    """The text with one change made; everything else stays as it was written."""
    value = _rendered(change.value)
    statements = list(_statements(text))
    for one in statements:
        if not one.is_header and one.path == change.path:
            return text[: one.start] + value + text[one.end :]
    line_end = "\r\n" if "\r\n" in text else "\n"
    line = f"{_key_text(change.path[-1:])} = {value}"
    at, is_new = _place(text, statements, change.path[:-1])
    if is_new:
        gap = line_end if text.strip() else ""
        head = text if not text or text.endswith("\n") else text + line_end
        header = f"[{_key_text(change.path[:-1])}]"
        return f"{head}{gap}{header}{line_end}{line}{line_end}"
    if at == 0:
        return f"{line}{line_end}" + (line_end if statements else "") + text
    head = text[:at] if text[:at].endswith("\n") else text[:at] + line_end
    return f"{head}{line}{line_end}{text[at:]}"


def _place(text: str, statements: list[_Statement], table: Path) -> tuple[int, bool]:
    """Behind the last line of a table, or that the table has to be made."""
    if not table:
        own = []
        for one in statements:
            if one.is_header:
                break
            own.append(one)
        return (_line_end(text, own[-1].end) if own else 0), False
    found = None
    is_inside = False
    for one in statements:
        if one.is_header:
            is_inside = one.path == table
        if is_inside:
            found = one
    return (_line_end(text, found.end), False) if found else (0, True)


def _line_end(text: str, at: int) -> int:
    newline = text.find("\n", at)
    return len(text) if newline < 0 else newline + 1


def _statements(text: str) -> Iterator[_Statement]:
    """Raises Unplaceable for what this simple reader does not understand."""
    table: Path = ()
    at = 1 if text.startswith("\ufeff") else 0
    while (at := _behind_blank(text, at)) < len(text):
        if text[at] == "[":
            end = _value_end(text, at)
            header = text[at:end].strip()
            # The entries of a list of tables share a path; ours is never one of them.
            table = ("[[]]",) if header.startswith("[[") else _path(header[1:-1])
            yield _Statement(table, at, end, is_header=True)
            at = end
            continue
        key = _KEY.match(text, at)
        equals = text.find("=", at)
        if not key or equals < 0 or text[key.end() : equals].strip():
            raise Unplaceable
        start = equals + 1
        start += len(text[start:]) - len(text[start:].lstrip(" \t"))
        end = _value_end(text, start)
        yield _Statement(table + _path(key[0]), start, end)
        at = end


def _behind_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _value_end(text: str, at: int) -> int:
    depth = 0
    end = at
    for piece in _PIECE.finditer(text, at):
        if piece["line"] and depth == 0:
            return end
        if piece["comment"]:
            continue
        depth += bool(piece["open"]) - bool(piece["close"])
        if not piece[0].isspace():
            end = piece.end()
    return end


def _path(key: str) -> Path:
    """The names of a dotted key, quotes taken off."""
    names: list[str] = []
    inner: Any = tomllib.loads(f"{key.strip()} = 1")
    while isinstance(inner, dict):
        name, inner = next(iter(inner.items()))
        names.append(name)
    return tuple(names)


def _key_text(path: Path) -> str:
    return ".".join(name if _BARE.fullmatch(name) else _rendered(name) for name in path)


def _rendered(value: Any) -> str:
    if isinstance(value, bool | int | str):
        return json.dumps(value, ensure_ascii=False)
    raise Unplaceable
