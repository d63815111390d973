"""Answers of the OpenAI Responses API: a list of items."""

from contextlib import suppress
from typing import Any

import orjson

from apps.proxy.answers.answer import Answer
from apps.proxy.answers.usage import read_error, read_usage
from apps.proxy.answers.values import dict_of, list_of, number_of, text_of

_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})
# Events that add to a member of an item which is on its way.
_GROWING = {
    "response.function_call_arguments.delta": "arguments",
    "response.custom_tool_call_input.delta": "input",
}


class ResponsesReader:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._items: dict[int, dict[str, Any]] = {}

    def whole(self, body: dict[str, Any]) -> None:
        """A response object, alone or inside the last event of a stream."""
        answer, status = self._answer, text_of(body.get("status"))
        read_error(body, answer)
        answer.served_model = text_of(body.get("model")) or answer.served_model
        read_usage(body.get("usage"), answer)
        output = [item for item in list_of(body.get("output")) if isinstance(item, dict)]
        if output:
            answer.message = as_message(output)
        why = dict_of(body.get("incomplete_details")).get("reason")
        answer.finish_reason = text_of(why) or status
        # One that runs in the background has no end yet.
        answer.is_whole = status in ("completed", "incomplete")

    def event(self, event: dict[str, Any]) -> None:
        kind, index = text_of(event.get("type")), number_of(event.get("output_index"))
        if kind in _ENDS:
            self.whole(dict_of(event.get("response")))
        elif kind == "response.created":
            self._answer.served_model = text_of(dict_of(event.get("response")).get("model"))
        elif kind in ("response.output_item.added", "response.output_item.done"):
            if isinstance(event.get("item"), dict):
                self._items[index] = event["item"]
        elif kind in _GROWING and index in self._items:
            item, name = self._items[index], _GROWING[kind]
            item[name] = text_of(item.get(name)) + text_of(event.get("delta"))
        elif kind == "response.output_text.delta" and index in self._items:
            _add_text(self._items[index], text_of(event.get("delta")))
        elif kind == "error" and not isinstance(event.get("error"), dict):
            # Says what went wrong beside its type, and not in a member of its own.
            read_error({"error": {**event, "type": ""}}, self._answer)

    def finish(self) -> None:
        """Without a last event, or with one that leaves the items out, what came counts."""
        if self._answer.message is None and self._items:
            items = [self._items[index] for index in sorted(self._items)]
            self._answer.message = as_message(items)


def _add_text(item: dict[str, Any], delta: str) -> None:
    content = item.get("content")
    if not isinstance(content, list):
        content = item["content"] = []
    if not content or not isinstance(content[-1], dict):
        content.append({"type": "output_text", "text": ""})
    content[-1]["text"] = text_of(content[-1].get("text")) + delta


def as_message(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Output items as one message: readable like any other, the items beside it as they are."""
    content: list[Any] = []
    for item in items:
        if item.get("type") == "message":
            content += list_of(item.get("content"))
        elif "name" in item and item.get("type") != "reasoning":
            given = item.get("arguments") or item.get("input") or ""
            content.append({"type": "tool_use", "name": item["name"], "input": _loaded(given)})
    return {"role": "assistant", "content": content, "output": items}


def _loaded(text: Any) -> Any:
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(text)
    return text
