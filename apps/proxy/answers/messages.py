"""Answers of the Anthropic Messages API."""

from typing import Any

import orjson

from apps.proxy.answers.answer import Answer
from apps.proxy.answers.usage import read_usage
from apps.proxy.answers.values import number_of, text_of


class MessagesReader:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._blocks: dict[int, dict[str, Any]] = {}
        # The input of tools comes as pieces of JSON.
        self._inputs: dict[int, str] = {}

    def whole(self, body: dict[str, Any]) -> None:
        answer = self._answer
        answer.served_model = text_of(body.get("model"))
        read_usage(body.get("usage"), answer)
        if isinstance(body.get("content"), list):
            answer.message = {"role": "assistant", "content": body["content"]}
            answer.finish_reason = text_of(body.get("stop_reason"))
            answer.is_whole = True

    def event(self, event: dict[str, Any]) -> None:
        answer, kind, index = self._answer, event.get("type"), number_of(event.get("index"))
        if kind == "message_start" and isinstance(event.get("message"), dict):
            answer.served_model = text_of(event["message"].get("model"))
            read_usage(event["message"].get("usage"), answer)
        elif kind == "content_block_start" and isinstance(event.get("content_block"), dict):
            self._blocks[index] = dict(event["content_block"])
        elif kind == "content_block_delta" and isinstance(event.get("delta"), dict):
            self._add(index, event["delta"])
        elif kind == "message_delta":
            delta = event.get("delta")
            if isinstance(delta, dict):
                answer.finish_reason = text_of(delta.get("stop_reason")) or answer.finish_reason
            read_usage(event.get("usage"), answer)
        elif kind == "message_stop":
            answer.is_whole = True

    def finish(self) -> None:
        if not self._blocks:
            return
        for index, text in self._inputs.items():
            try:
                self._blocks[index]["input"] = orjson.loads(text)
            except orjson.JSONDecodeError:
                self._blocks[index]["input"] = {"unfinished": text}
        content = [self._blocks[index] for index in sorted(self._blocks)]
        self._answer.message = {"role": "assistant", "content": content}

    def _add(self, index: int, delta: dict[str, Any]) -> None:
        block = self._blocks.setdefault(index, {"type": "text", "text": ""})
        for name in ("text", "thinking", "signature"):
            if isinstance(delta.get(name), str):
                block[name] = text_of(block.get(name)) + delta[name]
        if isinstance(delta.get("partial_json"), str):
            self._inputs[index] = self._inputs.get(index, "") + delta["partial_json"]
