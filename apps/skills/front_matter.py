"""YAML front matter, read with limits.

A real YAML parser, held to what a skill needs: one flat mapping of strings and lists of them.
Everything that makes YAML dangerous or surprising (anchors and aliases, tags, merge keys,
duplicate keys, deep nesting) is refused while the node tree is composed, before any value exists.
"""

import yaml
from yaml.events import AliasEvent, NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from apps.skills.errors import SkillInvalid

MAX_BYTES = 8 * 1024
MAX_DEPTH = 8
FENCE = "---"
_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


class _Refused(Exception):
    """Raised inside the parser; becomes a SkillInvalid at its edge."""


class _StrictLoader(yaml.SafeLoader):
    """A SafeLoader that composes plain trees only: no sharing, no types, no deep nesting."""

    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused("anchors and aliases are not allowed")
        if isinstance(event, NodeEvent) and getattr(event, "tag", None) is not None:
            raise _Refused("explicit YAML tags are not allowed")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH} levels")
        node: Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


def split(text: str) -> tuple[str, str]:
    """Cut ``text`` into the YAML between the two ``---`` lines and what comes after."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise _invalid("The file must begin with a line '---' that opens its front matter.")
    for number in range(1, len(lines)):
        if lines[number].rstrip() == FENCE:
            source = "\n".join(lines[1:number])
            if len(source.encode()) > MAX_BYTES:
                raise _invalid(f"The front matter is larger than {MAX_BYTES // 1024} KB.")
            return source, "\n".join(lines[number + 1 :])
    raise _invalid("The front matter is not closed by a second line '---'.")


def read(source: str) -> dict[str, Node]:
    """The mapping in ``source``, its keys as text and its values still as nodes."""
    try:
        root = _compose(source)
    except _Refused as exc:
        raise _invalid(f"The front matter is refused: {exc}.") from exc
    except yaml.YAMLError as exc:
        raise _invalid(f"The front matter is not valid YAML: {_reason(exc)}.") from exc
    except (ValueError, OverflowError) as exc:
        # PyYAML lets these out of escapes such as "\\UFFFFFFFF" and of absurd %YAML versions.
        raise _invalid("The front matter is not valid YAML: a number is out of range.") from exc
    if not isinstance(root, MappingNode):
        raise _invalid("The front matter must be a list of 'key: value' lines.")
    values: dict[str, Node] = {}
    for key, value in root.value:
        name = _key_of(key)
        if name in values:
            raise _invalid(f"The front matter has the key '{name[:64]}' twice.", field=name[:64])
        values[name] = value
    return values


def string_value(name: str, node: Node) -> str:
    """The text of a scalar; numbers, dates, lists and mappings are refused under ``name``."""
    if isinstance(node, ScalarNode) and node.tag == _STRING:
        return str(node.value)
    if isinstance(node, ScalarNode) and node.tag == _NULL:
        raise _invalid(f"'{name}' is empty.", field=name)
    if isinstance(node, ScalarNode):
        raise _invalid(f"'{name}' must be text; put its value in quotes.", field=name)
    raise _invalid(f"'{name}' must be text, not a list or a mapping.", field=name)


def string_values(name: str, node: Node) -> list[str]:
    """The texts of a list, or of a scalar alone; anything else is refused under ``name``."""
    if isinstance(node, SequenceNode):
        return [string_value(name, one) for one in node.value]
    return [string_value(name, node)]


def _compose(source: str) -> Node | None:
    loader = _StrictLoader(source)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _key_of(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        raise _invalid("A key of the front matter is not plain text.")
    if node.tag == _MERGE:
        raise _invalid("The front matter is refused: merge keys are not allowed.")
    return str(node.value)


def _reason(exc: yaml.YAMLError) -> str:
    problem = getattr(exc, "problem", None) or getattr(exc, "reason", None) or "cannot be read"
    mark = getattr(exc, "problem_mark", None)
    # + 2: marks count from zero, and the opening '---' is line 1 of the file.
    return f"{problem} (line {mark.line + 2})" if mark else str(problem)


def _invalid(detail: str, *, field: str = "text") -> SkillInvalid:
    return SkillInvalid(detail, fields={field: [detail]})
