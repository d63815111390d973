"""What came into a conversation from neither its user nor its model: results of tools, pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.trajectories.errors import RequestDamaged
from apps.trajectories.models import Turn
from apps.trajectories.selectors.requests import asked_of

_CHARACTERS = 20_000
_UNNAMED = "a tool"
# Tools of a provider's own that look things up outside.
_LOOKS_OUTSIDE = ("web_search", "web_fetch", "file_search", "mcp")


@dataclass(frozen=True, slots=True)
class Brought:
    """Something that was brought into a turn's conversation, and by which tool."""

    tool: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnOutside:
    """All that was brought into a turn; ``is_known`` is false if its request cannot be read."""

    turn_id: UUID
    brought: list[Brought]
    is_known: bool = True


def turns_outside(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> list[TurnOutside]:
    """Of each of these turns what tools brought into its conversation, oldest turn first."""
    rows = Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids).order_by("id")
    return [_outside(row) for row in rows]


def _outside(turn: Turn) -> TurnOutside:
    try:
        messages = asked_of(tenant_id=turn.tenant_id, turn_id=turn.id).messages
    except RequestDamaged:
        return TurnOutside(turn.id, [], is_known=False)
    return TurnOutside(turn.id, list(brought_into([*messages, turn.response])))


def brought_into(messages: Iterable[Any]) -> Iterable[Brought]:
    """Results of tools in messages of any dialect, with the name of the tool that was called."""
    names: dict[str, str] = {}
    for item in _flat(messages):
        names |= _calls(item)
        found = _result(item, names)
        if found is not None:
            yield found


def _flat(messages: Iterable[Any]) -> Iterable[Mapping[str, Any]]:
    """The messages, the parts of their contents, and the items of Responses API answers."""
    for message in messages:
        if isinstance(message, dict):
            yield message
            for name in ("content", "output"):
                parts = message.get(name)
                if isinstance(parts, list) and not _is_result(message):
                    yield from _flat(parts)


def _is_result(item: Mapping[str, Any]) -> bool:
    kind = str(item.get("type", ""))
    return (
        item.get("role") in ("tool", "function")
        or kind.endswith(("_call_output", "tool_result"))
        or (kind.endswith("_call") and kind.startswith(_LOOKS_OUTSIDE))
    )


def _calls(item: Mapping[str, Any]) -> dict[str, str]:
    """Names of the tools that a message or part calls, by the id of the call."""
    calls = item.get("tool_calls")
    found = {
        str(call.get("id")): str(call["function"].get("name"))
        for call in (calls if isinstance(calls, list) else ())
        if isinstance(call, dict) and isinstance(call.get("function"), dict)
    }
    kind = str(item.get("type", ""))
    if kind.endswith(("tool_use", "function_call", "custom_tool_call")):
        found[str(item.get("call_id") or item.get("id"))] = str(item.get("name"))
    return found


def _result(item: Mapping[str, Any], names: Mapping[str, str]) -> Brought | None:
    if not _is_result(item):
        return None
    call = item.get("tool_call_id") or item.get("tool_use_id") or item.get("call_id")
    kind = str(item.get("type", ""))
    of_provider = kind if kind.startswith(_LOOKS_OUTSIDE) else ""
    tool = names.get(str(call)) or str(item.get("name") or "") or of_provider or _UNNAMED
    return Brought(tool, _words(item)[:_CHARACTERS])


def _words(value: Any) -> str:
    """All the text in a result, however deep it lies."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(filter(None, map(_words, value)))
    if isinstance(value, dict):
        kept = ("content", "output", "result", "results", "text", "title", "url", "source")
        return "\n".join(filter(None, (_words(value.get(name)) for name in kept)))
    return ""
