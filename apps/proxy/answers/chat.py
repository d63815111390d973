"""Answers of the Chat Completions API, and of the plain completions before it."""

from typing import Any

from apps.proxy.answers.answer import Answer
from apps.proxy.answers.usage import read_usage
from apps.proxy.answers.values import dict_of, list_of, number_of, text_of


class ChatReader:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._message: dict[str, Any] = {}
        self._calls: dict[int, dict[str, Any]] = {}

    def whole(self, body: dict[str, Any]) -> None:
        _read_frame(body, self._answer)
        choice = _first_choice(body)
        if isinstance(choice.get("message"), dict):
            self._answer.message = choice["message"]
            self._answer.is_whole = True

    def event(self, event: dict[str, Any]) -> None:
        choice = _read_frame(event, self._answer)
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            return
        message = self._message
        message.setdefault("role", "assistant")
        for name, value in delta.items():
            if name == "tool_calls":
                self._add_calls(list_of(value))
            elif name != "role" and isinstance(value, str):
                message[name] = text_of(message.get(name)) + value
            elif value is not None:
                message.setdefault(name, value)

    def finish(self) -> None:
        message = self._message
        if not message:
            return
        if self._calls:
            message["tool_calls"] = [self._calls[index] for index in sorted(self._calls)]
        message.setdefault("content", None)
        self._answer.message = message

    def _add_calls(self, deltas: list[Any]) -> None:
        for delta in deltas:
            if not isinstance(delta, dict):
                continue
            index = number_of(delta.get("index"))
            call = self._calls.setdefault(index, {"id": "", "type": "function", "function": {}})
            call["id"] = text_of(delta.get("id")) or call["id"]
            given, said = call["function"], delta.get("function")
            if isinstance(said, dict):
                for name in ("name", "arguments"):
                    given[name] = given.get(name, "") + text_of(said.get(name))


class CompletionReader:
    """Plain text that goes on from a prompt: kept as a message of the assistant."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._texts: list[str] = []

    def whole(self, body: dict[str, Any]) -> None:
        if self._read(body):
            self._answer.is_whole = True
            self.finish()

    def event(self, event: dict[str, Any]) -> None:
        self._read(event)

    def finish(self) -> None:
        if self._texts:
            self._answer.message = {"role": "assistant", "content": "".join(self._texts)}

    def _read(self, body: dict[str, Any]) -> bool:
        text = _read_frame(body, self._answer).get("text")
        if not isinstance(text, str):
            return False
        self._texts.append(text)
        return True


def _read_frame(body: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """What stands around the first choice; answers with that choice."""
    if not answer.served_model:
        answer.served_model = text_of(body.get("model"))
    if body.get("usage"):
        read_usage(body["usage"], answer)
    choice = _first_choice(body)
    if choice.get("finish_reason"):
        answer.finish_reason = text_of(choice["finish_reason"])
    return choice


def _first_choice(body: dict[str, Any]) -> dict[str, Any]:
    for choice in list_of(body.get("choices")):
        if number_of(dict_of(choice).get("index")) == 0:
            return dict_of(choice)
    return {}
