"""A chat stream as events of the Anthropic API.

That API finishes one block before it opens the next, while calls of a chat stream may come
interleaved. So one block is open at a time: the earliest that can still grow. What belongs to
later ones waits until it is closed, which for a call is when its arguments are whole.
"""

from typing import Any

from apps.dialects.anthropic_on_openai.answer import (
    empty_block,
    hides_thinking,
    opening,
    shows_thinking,
    stop_of,
)
from apps.dialects.anthropic_on_openai.tools import original_names
from apps.dialects.chat_parts import Part
from apps.dialects.chat_stream import ChatStream
from apps.dialects.failures import Failure, as_anthropic
from apps.dialects.reasoning import sealed
from apps.dialects.sse import named_event
from apps.dialects.usage import anthropic_from_chat

Body = dict[str, Any]


class AnthropicStream(ChatStream):
    def __init__(self, request: Body) -> None:
        super().__init__(request)
        self._names = original_names(request)
        self._shows, self._hides = shows_thinking(request), hides_thinking(request)
        self._at = 0  # the part whose block is open, or next
        self._index = 0  # the number of that block
        self._is_open = False
        self._said = 0  # how many of its fragments the caller has

    def _opening(self) -> bytes:
        message = opening(self.core, self.model)
        return named_event({"type": "message_start", "message": message})

    def _grown(self) -> bytes:
        return self._advance(is_over=False)

    def _finished(self) -> bytes:
        return self._advance(is_over=True)

    def _completed(self) -> bytes:
        reason, sequence = stop_of(self.parts, self.finish_reason, self.stop_text, self.asked)
        delta = {"stop_reason": reason, "stop_sequence": sequence}
        usage = anthropic_from_chat(self.usage)
        ending = {"type": "message_delta", "delta": delta, "usage": usage}
        return named_event(ending) + named_event({"type": "message_stop"})

    def _error_event(self, failure: Failure) -> bytes:
        return named_event(as_anthropic(failure))

    def _advance(self, *, is_over: bool) -> bytes:
        said = bytearray()
        parts = self.parts.all
        while self._at < len(parts):
            part = parts[self._at]
            if part.kind == "reasoning" and not self._shows:
                self._next_part()
                continue
            said += self._news_of(part, is_over=is_over)
            has_follower = self._at + 1 < len(parts)
            if not is_over and not (has_follower and part.is_closable):
                break
            said += self._close(part)
        return bytes(said)

    def _news_of(self, part: Part, *, is_over: bool) -> bytes:
        said = b""
        if not self._is_open:
            if part.kind == "call" and not part.name and not is_over:
                return b""  # A block cannot open without its tool's name.
            self.call_id(part)
            self._is_open = True
            said = self._event("content_block_start", content_block=empty_block(part, self._names))
        fresh = "".join(part.fragments[self._said :])
        self._said = len(part.fragments)
        if not fresh or (part.kind == "reasoning" and self._hides):
            return said
        return said + self._event("content_block_delta", delta=_delta(part, fresh))

    def _close(self, part: Part) -> bytes:
        said = b""
        if part.kind == "reasoning":
            signature = {"type": "signature_delta", "signature": sealed(part.text)}
            said = self._event("content_block_delta", delta=signature)
        said += self._event("content_block_stop")
        self._index += 1
        self._next_part()
        return said

    def _next_part(self) -> None:
        self._at += 1
        self._said = 0
        self._is_open = False

    def _event(self, kind: str, **fields: Body) -> bytes:
        return named_event({"type": kind, "index": self._index, **fields})


def _delta(part: Part, text: str) -> Body:
    if part.kind == "call":
        return {"type": "input_json_delta", "partial_json": text}
    if part.kind == "reasoning":
        return {"type": "thinking_delta", "thinking": text}
    return {"type": "text_delta", "text": text}
