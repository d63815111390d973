"""A chat stream as events of the Responses API.

https://platform.openai.com/docs/api-reference/responses-streaming
"""

from collections.abc import Iterator
from typing import Any

from apps.dialects.chat_parts import Part
from apps.dialects.chat_stream import ChatStream
from apps.dialects.failures import Failure, as_response_error
from apps.dialects.responses_on_openai.answer import ending, output_of, status_of
from apps.dialects.responses_on_openai.asked import Asked
from apps.dialects.responses_on_openai.output import (
    content_part,
    item_id,
    opened_item,
    shows,
    summary_part,
    takes_text,
    whole_item,
)
from apps.dialects.sse import named_event
from apps.dialects.usage import response_from_chat

Body = dict[str, Any]

_TEXT = {"text": ("output_text", "text"), "refusal": ("refusal", "refusal")}


class ResponsesStream(ChatStream):
    """Items may be open side by side: every event names its item."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked.request)
        self._wanted = asked
        self._number = 0
        self._said: dict[int, int] = {}  # open items by place: how much of them was said
        self._closed: set[int] = set()

    def _opening(self) -> bytes:
        response = self._response()
        created = self._event("response.created", response=response)
        return created + self._event("response.in_progress", response=response)

    def _grown(self) -> bytes:
        return self._advance(is_over=False)

    def _finished(self) -> bytes:
        return self._advance(is_over=True)

    def _completed(self) -> bytes:
        output = output_of(self.parts, self.core, self._wanted, self.finish_reason)
        end = ending(self.finish_reason)
        usage = response_from_chat(self.usage)
        response = self._response() | {"output": output, "usage": usage} | end
        return self._event(f"response.{end['status']}", response=response)

    def _error_event(self, failure: Failure) -> bytes:
        said = self._begun({})
        failed = {"status": "failed", "error": as_response_error(failure)}
        return said + self._event("response.failed", response=self._response() | failed)

    def _response(self) -> Body:
        return self._wanted.response(self.core, self.model)

    def _advance(self, *, is_over: bool) -> bytes:
        said = bytearray()
        last = len(self.parts.all) - 1
        for at, part in enumerate(self.parts.all):
            if at in self._closed or (part.kind == "call" and not part.name and not is_over):
                continue
            if at not in self._said:
                said += self._open(at, part)
            said += b"".join(self._news_of(at, part))
            if is_over or (at < last and part.is_closable):
                status = status_of(self.finish_reason, is_last=at == last)
                said += b"".join(self._close(at, part, status))
        return bytes(said)

    def _open(self, at: int, part: Part) -> bytes:
        self._said[at] = 0
        self.call_id(part)
        item = opened_item(part, self._id(at, part), self._wanted)
        added = self._event("response.output_item.added", output_index=at, item=item)
        if part.kind in _TEXT:
            empty = content_part(part, "")
            return added + self._in_content("response.content_part.added", at, part, part=empty)
        return added

    def _news_of(self, at: int, part: Part) -> Iterator[bytes]:
        before, self._said[at] = self._said[at], len(part.fragments)
        fresh = "".join(part.fragments[before:])
        if not fresh or takes_text(part, self._wanted):
            return
        if part.kind in _TEXT:
            name = f"response.{_TEXT[part.kind][0]}.delta"
            logprobs: Body = {"logprobs": []} if part.kind == "text" else {}
            yield self._in_content(name, at, part, delta=fresh, **logprobs)
        elif part.kind == "call":
            name = "response.function_call_arguments.delta"
            yield self._in_item(name, at, part, delta=fresh)
        elif shows(part, self._wanted):
            if not before:
                name = "response.reasoning_summary_part.added"
                yield self._in_summary(name, at, part, part=summary_part(""))
            name = "response.reasoning_summary_text.delta"
            yield self._in_summary(name, at, part, delta=fresh)

    def _close(self, at: int, part: Part, status: str) -> Iterator[bytes]:
        self._closed.add(at)
        item = whole_item(part, self._id(at, part), self._wanted, status)
        if part.kind in _TEXT:
            kind, field = _TEXT[part.kind]
            whole: Body = {field: part.text} | ({"logprobs": []} if part.kind == "text" else {})
            yield self._in_content(f"response.{kind}.done", at, part, **whole)
            content = item["content"][0]
            yield self._in_content("response.content_part.done", at, part, part=content)
        elif takes_text(part, self._wanted):
            # Free text comes wrapped in JSON, and is whole only when that is.
            name = "response.custom_tool_call_input"
            yield self._in_item(f"{name}.delta", at, part, delta=item["input"])
            yield self._in_item(f"{name}.done", at, part, input=item["input"])
        elif part.kind == "call":
            name = "response.function_call_arguments.done"
            yield self._in_item(name, at, part, arguments=part.text)
        elif item["summary"]:
            name = "response.reasoning_summary_text.done"
            yield self._in_summary(name, at, part, text=part.text)
            name = "response.reasoning_summary_part.done"
            yield self._in_summary(name, at, part, part=item["summary"][0])
        yield self._event("response.output_item.done", output_index=at, item=item)

    def _in_content(self, kind: str, at: int, of: Part, **fields: Any) -> bytes:
        return self._in_item(kind, at, of, content_index=0, **fields)

    def _in_summary(self, kind: str, at: int, of: Part, **fields: Any) -> bytes:
        return self._in_item(kind, at, of, summary_index=0, **fields)

    def _in_item(self, kind: str, at: int, of: Part, **fields: Any) -> bytes:
        return self._event(kind, item_id=self._id(at, of), output_index=at, **fields)

    def _id(self, at: int, part: Part) -> str:
        return item_id(part, self.core, at, self._wanted)

    def _event(self, kind: str, **fields: Any) -> bytes:
        event = named_event({"type": kind, "sequence_number": self._number, **fields})
        self._number += 1
        return event
