"""What a chat completion says, in order: reasoning, text, refusals and calls of tools.

Grown delta by delta from a stream, or read from a whole message. Tolerant, because the many
providers of this API differ: calls without index or id, names sent twice, text in parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from apps.dialects.arguments import is_whole_object
from apps.dialects.reasoning import DETAILS
from apps.dialects.shape import as_json, dict_of, dicts_in, text_of

Kind = Literal["reasoning", "text", "refusal", "call"]


@dataclass(slots=True, eq=False)
class Part:
    """One piece of the answer; ``fragments`` are its text or a call's arguments as they came."""

    kind: Kind
    call_id: str = ""
    name: str = ""
    fragments: list[str] = field(default_factory=list)
    details: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.fragments)

    @property
    def is_closable(self) -> bool:
        """Whatever follows it, nothing more can belong to it."""
        return self.kind != "call" or is_whole_object(self.text)


class Parts:
    """The parts of one answer in the order in which they began."""

    def __init__(self) -> None:
        self.all: list[Part] = []
        self._calls: dict[int, Part] = {}

    @property
    def has_calls(self) -> bool:
        return bool(self._calls)

    def grow(self, delta: dict[str, Any]) -> None:
        """Take a stream's delta, or the whole message of an answer."""
        thought = text_of(delta.get("reasoning_content")) or text_of(delta.get("reasoning"))
        self._say("reasoning", thought)
        for detail in dicts_in(delta.get(DETAILS)):
            self._last("reasoning").details.append(detail)
        self._say("text", _content_text(delta.get("content")))
        self._say("refusal", text_of(delta.get("refusal")))
        for call in dicts_in(delta.get("tool_calls")):
            self._call(call)

    def _say(self, kind: Kind, text: str) -> None:
        if text:
            self._last(kind).fragments.append(text)

    def _last(self, kind: Kind) -> Part:
        """The part to go on with: a text that something else interrupted is a new one."""
        if not self.all or self.all[-1].kind != kind:
            self.all.append(Part(kind))
        return self.all[-1]

    def _call(self, delta: dict[str, Any]) -> None:
        function = dict_of(delta.get("function"))
        call_id, name = text_of(delta.get("id")), text_of(function.get("name"))
        part = self._known_call(delta.get("index"), call_id)
        part.call_id = part.call_id or call_id
        part.name = part.name or name
        arguments = function.get("arguments")
        if isinstance(arguments, dict):
            arguments = as_json(arguments)
        if isinstance(arguments, str) and arguments:
            part.fragments.append(arguments)

    def _known_call(self, index: Any, call_id: str) -> Part:
        if not isinstance(index, int):
            index = self._index_of(call_id)
        part = self._calls.get(index)
        # Some providers give every call the index 0.
        is_other = part and call_id and part.call_id not in ("", call_id) and part.is_closable
        if part is None or is_other:
            part = self._calls[index] = Part("call")
            self.all.append(part)
        return part

    def _index_of(self, call_id: str) -> int:
        for index, part in self._calls.items():
            if call_id and part.call_id == call_id:
                return index
        is_new = bool(call_id) or not self._calls
        return max(self._calls, default=-1) + 1 if is_new else max(self._calls)


def _content_text(content: Any) -> str:
    return text_of(content) or "".join(_texts(content))


def _texts(content: Any) -> Iterator[str]:
    for part in dicts_in(content):
        if part.get("type") in ("text", "output_text"):
            yield text_of(part.get("text"))
