"""A stream of the Anthropic API as chunks of a chat completion."""

from typing import Any

from apps.dialects.failures import Failure, as_openai, failure_of
from apps.dialects.names import core_of
from apps.dialects.openai_on_anthropic.answer import call_of, original_names
from apps.dialects.reasoning import DETAILS, detail_of
from apps.dialects.shape import as_json, dict_of, text_of
from apps.dialects.sse import DONE, data_line
from apps.dialects.stops import chat_finish
from apps.dialects.streams import ProviderStream
from apps.dialects.usage import chat_from_anthropic

Body = dict[str, Any]


class OpenaiStream(ProviderStream):
    def __init__(self, request: Body, created_at: int) -> None:
        super().__init__()
        self._asked = request
        self._created_at = created_at
        self._names = original_names(request)
        self._counts = bool(dict_of(request.get("stream_options")).get("include_usage"))
        self._head: Body = {}
        self._usage: Body = {}
        self._stop_reason: Any = None
        self._block: Body = {}  # the open block
        self._thought: list[str] = []
        self._index = -1
        self._calls = 0
        self._has_arguments = False

    def _take_event(self, event: Body) -> bytes:
        kind = event.get("type")
        if kind == "error" or (kind is None and event.get("error")):
            return self._fail(failure_of(event.get("error") or event))
        if kind == "message_start":
            return self._start(dict_of(event.get("message")))
        if kind == "content_block_start":
            return self._start({}) + self._open(dict_of(event.get("content_block")))
        if kind == "content_block_delta":
            return self._start({}) + self._grow(dict_of(event.get("delta")))
        if kind == "content_block_stop":
            return self._close()
        if kind == "message_delta":
            self._stop_reason = dict_of(event.get("delta")).get("stop_reason")
            self._count(event.get("usage"))
            return b""
        return self._start({}) + self._complete() if kind == "message_stop" else b""

    def _start(self, message: Body) -> bytes:
        if self._head:
            return b""
        model = text_of(message.get("model")) or text_of(self._asked.get("model"))
        self._head = {
            "id": f"chatcmpl-{core_of(message.get('id'), self._asked)}",
            "object": "chat.completion.chunk",
            "created": self._created_at,
            "model": model,
        }
        self._count(message.get("usage"))
        return self._chunk({"role": "assistant", "content": "", "refusal": None})

    def _open(self, block: Body) -> bytes:
        self._block, self._thought, self._has_arguments = dict(block), [], False
        self._index += 1
        if block.get("type") != "tool_use":
            text = text_of(block.get("text")) if block.get("type") == "text" else ""
            return self._chunk({"content": text}) if text else b""
        call = {"index": self._calls} | call_of(block, self._names, "")
        self._calls += 1
        return self._chunk({"tool_calls": [call]})

    def _grow(self, delta: Body) -> bytes:
        kind = delta.get("type")
        if kind == "text_delta":
            return self._chunk({"content": text_of(delta.get("text"))})
        if kind == "input_json_delta":
            return self._argue(text_of(delta.get("partial_json")))
        if kind == "thinking_delta":
            thought = text_of(delta.get("thinking"))
            self._thought.append(thought)
            return self._chunk({"reasoning_content": thought}) if thought else b""
        if kind == "signature_delta":
            self._block["signature"] = text_of(delta.get("signature"))
        return b""

    def _argue(self, arguments: str) -> bytes:
        if not arguments or self._block.get("type") != "tool_use":
            return b""
        self._has_arguments = True
        grown = {"index": self._calls - 1, "function": {"arguments": arguments}}
        return self._chunk({"tool_calls": [grown]})

    def _close(self) -> bytes:
        block, said = self._block, b""
        if block.get("type") == "tool_use" and not self._has_arguments:
            # Without arguments nothing streams, but arguments must be JSON.
            said = self._argue(as_json(dict_of(block.get("input"))))
        elif block.get("type") in ("thinking", "redacted_thinking"):
            thought = text_of(block.get("thinking")) + "".join(self._thought)
            detail = detail_of(block | {"thinking": thought}, self._index)
            said = self._chunk({DETAILS: [detail]}) if detail else b""
        self._block = {}
        return said

    def _complete(self) -> bytes:
        """The reason to stop is said now and not before: it looks like an end to many clients."""
        self.is_complete = True
        finish = chat_finish(self._stop_reason, has_calls=bool(self._calls))
        said = self._chunk({}, finish)
        if self._counts:
            counted = {"choices": [], "usage": chat_from_anthropic(self._usage)}
            said += data_line(self._head | counted)
        return said + DONE

    def _chunk(self, delta: Body, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        chunk = self._head | {"choices": [choice]}
        return data_line(chunk | {"usage": None} if self._counts else chunk)

    def _count(self, usage: Any) -> None:
        """Later counts are totals and replace earlier ones."""
        self._usage |= {name: value for name, value in dict_of(usage).items() if value is not None}

    def _error_event(self, failure: Failure) -> bytes:
        return data_line(as_openai(failure))
