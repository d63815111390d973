"""A policy to be asked, without a trainer."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import Said, Sampled, SamplingWish

Answer = str | dict[str, Any] | TrainerFailed
# Of the conversation as the policy reads it, and the how-manieth answer to it that is wanted.
Speak = Callable[[list[dict[str, Any]], int], Answer]


class FakeRenderer:
    """Tokens are characters; a tool call is JSON behind a mark."""

    MARK = "\x02"

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> list[int]:
        return [ord(char) for char in json.dumps([list(messages), list(tools)])]

    def said(self, tokens: Sequence[int]) -> Said:
        text = "".join(map(chr, tokens))
        if not text.startswith(self.MARK):
            return Said(text)
        call = json.loads(text[1:])
        function = {"name": call["name"], "arguments": json.dumps(call["arguments"])}
        return Said("", [{"id": "call_1", "type": "function", "function": function}])


class FakeSampler:
    """A policy that says what a function makes of the conversation. Remembers what it was asked:
    ``asked`` holds how many answers were wanted of which conversation."""

    def __init__(self, speak: Speak | str = "yes", path: str = "") -> None:
        self.path = path
        self.asked: list[tuple[list[dict[str, Any]], int]] = []
        self.wishes: list[SamplingWish] = []
        self.most_at_once = 0
        self._speak: Speak = (lambda *_: speak) if isinstance(speak, str) else speak
        self._lock, self._now = threading.Lock(), 0

    def renderer(self) -> FakeRenderer:
        return FakeRenderer()

    def sample(self, prompt: Sequence[int], count: int, wish: SamplingWish) -> list[Sampled]:
        messages, _ = json.loads("".join(map(chr, prompt)))
        with self._lock:
            self.asked.append((messages, count))
            self.wishes.append(wish)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            return [self._sampled(messages, at) for at in range(count)]
        finally:
            with self._lock:
                self._now -= 1

    def logprobs(self, tokens: Sequence[int]) -> list[float | None]:
        return [None, *([-1.0] * (len(tokens) - 1))]

    def _sampled(self, messages: list[dict[str, Any]], at: int) -> Sampled:
        answer = self._speak(messages, at)
        if isinstance(answer, TrainerFailed):
            raise answer
        text = answer if isinstance(answer, str) else FakeRenderer.MARK + json.dumps(answer)
        return Sampled(tuple(map(ord, text)), tuple([-0.5] * len(text)), "stop")


def calls(name: str, **arguments: str) -> dict[str, Any]:
    """A tool call as an answer."""
    return {"name": name, "arguments": arguments}
