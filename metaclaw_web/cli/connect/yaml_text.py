"""Edits of YAML texts; comments, order and spacing stay."""

import json
import re
from typing import Any

import yaml

from metaclaw_web.cli.connect.changes import Change, Unplaceable, Unreadable

_PLAIN = re.compile(r"[A-Za-z_][\w.-]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|$)")


def load(text: str) -> dict[str, Any]:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        where = getattr(exc, "problem_mark", None)
        line = f"line {where.line + 1}: " if where else ""
        raise Unreadable(f"{line}{getattr(exc, 'problem', None) or 'not YAML'}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable("names with values were expected")
    return value


def edited(text: str, change: Change) -> str:
    """The text with one change made; everything else stays as it was written."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        line_end = "" if not text or text.endswith("\n") else "\n"
        return text + line_end + _block(_nested(change.path, change.value), 0) + "\n"
    node, path = root, change.path
    while isinstance(node, yaml.MappingNode) and path:
        # Written twice, the later one counts.
        found = [value for key, value in node.value if key.value == path[0]]
        if not found:
            return _with_member(text, node, path[0], _nested(path[1:], change.value))
        node, path = found[-1], path[1:]
    if path or not isinstance(node, yaml.ScalarNode):
        raise Unplaceable
    return _replaced(text, root, node, change.value)


def _nested(path: tuple[str, ...], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


def _replaced(text: str, root: yaml.Node, node: yaml.ScalarNode, value: Any) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(value, dict):
        depth = _column_of_parent(root, node) + 2
        return f"{text[:start].rstrip(' ')}\n{_block(value, depth)}{text[end:]}"
    glue = " " if start == end and text[start - 1 : start] == ":" else ""
    return text[:start] + glue + _scalar(value) + text[end:]


def _column_of_parent(root: yaml.Node, wanted: yaml.ScalarNode) -> int:
    """The column of the name that ``wanted`` is the value of."""
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if value is wanted:
                return int(key.start_mark.column)
            found = _column_of_parent(value, wanted)
            if found >= 0:
                return found
    return -1


def _with_member(text: str, node: yaml.MappingNode, name: str, value: Any) -> str:
    if node.flow_style:
        at = node.end_mark.index - 1
        comma = ", " if node.value else ""
        return f"{text[:at].rstrip(' ')}{comma}{_key(name)}: {_flow(value)}{text[at:]}"
    lines = _block({name: value}, node.start_mark.column)
    at = _leaf_end(node)
    rest = _REST_OF_LINE.match(text, at)
    if rest is None and not text[:at].endswith("\n"):
        raise Unplaceable
    at = rest.end() if rest and not text[:at].endswith("\n") else at
    glue = "" if text[:at].endswith("\n") else "\n"
    return f"{text[:at]}{glue}{lines}\n{text[at:]}"


def _leaf_end(node: yaml.Node) -> int:
    """Where the last thing written in a node ends; its own end lies behind the next comments."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _leaf_end(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _leaf_end(node.value[-1])
    return int(node.end_mark.index)


def _block(value: Any, depth: int) -> str:
    """Names and values as lines, each at ``depth``."""
    lines = []
    for name, one in value.items():
        head = f"{' ' * depth}{_key(name)}:"
        if isinstance(one, dict):
            lines += [head, _block(one, depth + 2)]
        else:
            lines.append(f"{head} {_scalar(one)}")
    return "\n".join(lines)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)}: {_flow(one)}" for name, one in value.items()) + "}"
    return _scalar(value)


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else _scalar(name)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return str(
            yaml.safe_dump(value, default_style='"', width=10**6, allow_unicode=True)
        ).strip()
    return json.dumps(value)
