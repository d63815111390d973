"""YAML front matter, read with limits.

A real YAML parser, held to what a skill needs: one flat mapping of strings and lists of them.
Everything that makes YAML dangerous or surprising (anchors and aliases, tags, merge keys,
duplicate keys, deep nesting) is refused while the node tree is composed, before any value exists.
"""

import yaml
from yaml.events import AliasEvent, NodeEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from apps.core.said import Said, say, together
from apps.skills.errors import SkillInvalid

MAX_BYTES = 8 * 1024
MAX_DEPTH = 8
FENCE = "---"
_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


class _Refused(Exception):
    """Raised inside the parser with a sentence; becomes a SkillInvalid at its edge."""


class _StrictLoader(yaml.SafeLoader):
    """A SafeLoader that composes plain trees only: no sharing, no types, no deep nesting."""

    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused(say("yaml_anchors", "Anchors and aliases are not allowed."))
        if isinstance(event, NodeEvent) and getattr(event, "tag", None) is not None:
            raise _Refused(say("yaml_tags", "Explicit YAML tags are not allowed."))
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Refused(
                say("yaml_deep", "It nests deeper than {limit} levels.", limit=MAX_DEPTH)
            )
        node: Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


def split(text: str) -> tuple[str, str]:
    """Cut ``text`` into the YAML between the two ``---`` lines and what comes after."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        english = "The file must begin with a line '---' that opens its front matter."
        raise _invalid(say("front_matter_none", english))
    for number in range(1, len(lines)):
        if lines[number].rstrip() == FENCE:
            source = "\n".join(lines[1:number])
            if len(source.encode()) > MAX_BYTES:
                english = "The front matter is larger than {limit} KB."
                raise _invalid(say("front_matter_large", english, limit=MAX_BYTES // 1024))
            return source, "\n".join(lines[number + 1 :])
    english = "The front matter is not closed by a second line '---'."
    raise _invalid(say("front_matter_open", english))


def read(source: str) -> dict[str, Node]:
    """The mapping in ``source``, its keys as text and its values still as nodes."""
    try:
        root = _compose(source)
    except _Refused as exc:
        raise _refused(str(exc)) from exc
    except yaml.YAMLError as exc:
        english = "The front matter is not valid YAML: {why}."
        raise _invalid(say("front_matter_yaml", english, why=_reason(exc))) from exc
    except (ValueError, OverflowError) as exc:
        # PyYAML lets these out of escapes such as "\\UFFFFFFFF" and of absurd %YAML versions.
        english = "The front matter is not valid YAML: a number is out of range."
        raise _invalid(say("front_matter_number", english)) from exc
    if not isinstance(root, MappingNode):
        english = "The front matter must be a list of 'key: value' lines."
        raise _invalid(say("front_matter_lines", english))
    values: dict[str, Node] = {}
    for key, value in root.value:
        name = _key_of(key)
        if name in values:
            name = name[:64]
            twice = say(
                "front_matter_twice", "The front matter has the key '{name}' twice.", name=name
            )
            raise _invalid(twice, field=name)
        values[name] = value
    return values


def string_value(name: str, node: Node) -> str:
    """The text of a scalar; numbers, dates, lists and mappings are refused under ``name``."""
    if isinstance(node, ScalarNode) and node.tag == _STRING:
        return str(node.value)
    if isinstance(node, ScalarNode) and node.tag == _NULL:
        raise _invalid(say("value_empty", "'{name}' is empty.", name=name), field=name)
    if isinstance(node, ScalarNode):
        english = "'{name}' must be text; put its value in quotes."
        raise _invalid(say("value_unquoted", english, name=name), field=name)
    english = "'{name}' must be text, not a list or a mapping."
    raise _invalid(say("value_not_text", english, name=name), field=name)


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
        raise _invalid(say("front_matter_key", "A key of the front matter is not plain text."))
    if node.tag == _MERGE:
        raise _refused(say("yaml_merge_keys", "Merge keys are not allowed."))
    return str(node.value)


def _reason(exc: yaml.YAMLError) -> str:
    problem = getattr(exc, "problem", None) or getattr(exc, "reason", None) or "cannot be read"
    mark = getattr(exc, "problem_mark", None)
    # + 2: marks count from zero, and the opening '---' is line 1 of the file.
    return f"{problem} (line {mark.line + 2})" if mark else str(problem)


def _refused(why: str) -> SkillInvalid:
    return _invalid(together(say("front_matter_refused", "The front matter is refused:"), why))


def _invalid(detail: Said, *, field: str = "text") -> SkillInvalid:
    return SkillInvalid.of(field, detail)
