"""Edits of JSON and JSON5 texts."""

import re
from typing import Any

from metaclaw_web.cli.connect.changes import Change, Unplaceable, Unreadable
from metaclaw_web.cli.connect.json5_parse import Node, Parser, key_text, rendered

_REST_OF_LINE = re.compile(r"(?:[ \t]|/\*.*?\*/)*(?://[^\n]*)?(?=\r?\n)", re.DOTALL)


def load(text: str) -> dict[str, Any]:
    """The object that the text says; an empty text is an empty object."""
    if not text.strip():
        return {}
    value = Parser(text).document().value
    if not isinstance(value, dict):
        raise Unreadable("an object was expected")
    return value


def edited(text: str, change: Change) -> str:
    """The text with one change made; everything else stays as it was written."""
    if not text.strip():
        return rendered(_nested(change.path, change.value), "  ", "", bare_keys=False) + "\n"
    parser = Parser(text)
    node, path = parser.document(), change.path
    while node.members is not None and path[0] in node.members:
        node, path = node.members[path[0]].node, path[1:]
        if not path:
            return _replaced(parser, node, change.value)
    if node.members is None:
        raise Unplaceable
    return _with_member(parser, node, path[0], _nested(path[1:], change.value))


def _nested(path: tuple[str, ...], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def _replaced(parser: Parser, node: Node, value: Any) -> str:
    text = parser.text
    indent = _indent_at(text, node.start)
    new = rendered(value, _unit(text), indent, bare_keys=parser.uses_bare_keys)
    return text[: node.start] + _line_ends(text, new) + text[node.end :]


def _with_member(parser: Parser, node: Node, name: str, value: Any) -> str:
    text, unit = parser.text, _unit(parser.text)
    assert node.members is not None
    is_one_line = "\n" not in text[node.start : node.end]
    outer = _indent_at(text, node.start)
    indent = outer + unit
    last = list(node.members.values())[-1] if node.members else None
    if last is not None and not is_one_line:
        indent = _indent_at(text, last.start)
    key = key_text(name, bare=parser.uses_bare_keys)
    if is_one_line and last is not None:
        flat = rendered(value, unit, outer, bare_keys=parser.uses_bare_keys)
        comma = " " if node.has_comma else ", "
        at = node.after_last
        return f"{text[:at]}{comma}{key}: {_line_ends(text, flat)}{text[at:]}"
    line = _line_ends(
        text, f"\n{indent}{key}: " + rendered(value, unit, indent, bare_keys=parser.uses_bare_keys)
    )
    if last is None:
        # Comments of an empty object stay above its first member.
        at = len(text[: node.end - 1].rstrip()) if not is_one_line else node.start + 1
        return text[:at] + line + _line_ends(text, f"\n{outer}") + text[node.end - 1 :]
    at = node.after_last
    rest = _REST_OF_LINE.match(text, at)
    behind = rest.end() if rest else at
    comma_before, comma_after = ("", ",") if node.has_comma else (",", "")
    head = text[:at] + comma_before + text[at:behind] + line + comma_after
    # A closing brace may stand right behind the last member.
    gap = "" if rest else _line_ends(text, f"\n{outer}")
    return head + gap + (text[behind:] if rest else text[behind:].lstrip())


def _indent_at(text: str, at: int) -> str:
    """The white space at the start of the line in which something stands."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip())].replace("\ufeff", "")


def _unit(text: str) -> str:
    """One step of indentation, as the document has it."""
    found = re.search(r"^([ \t]+)\S", text, re.MULTILINE)
    return found[1] if found else "  "


def _line_ends(text: str, new: str) -> str:
    return new.replace("\n", "\r\n") if "\r\n" in text else new
