"""A policy that says what a test wants, and a judge that goes by the words."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from apps.integrations.tinker.types import Renderer, Said, Sampled, Sampler, SamplingWish
from apps.training.services.checkpoints.asking import Marked
from apps.training.services.checkpoints.prompts import Prompt

Answer = Callable[[str, int], str]


class FakeRenderer:
    """Every byte is a token."""

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> list[int]:
        return list(json.dumps([list(messages), list(tools)]).encode())

    def said(self, tokens: Sequence[int]) -> Said:
        return Said(bytes(tokens).decode())


class FakeSampler:
    """``answer`` gets the user's words and the number of the answer."""

    def __init__(self, path: str, answer: Answer, logprob: float = -0.7) -> None:
        self.path = path
        self._answer = answer
        self._logprob = logprob
        self.asked: list[str] = []

    def sample(self, prompt: Sequence[int], count: int, wish: SamplingWish) -> list[Sampled]:
        messages, _ = json.loads(bytes(prompt))
        words = messages[-1]["content"]
        self.asked.append(words)
        texts = [self._answer(words, at).encode() for at in range(count)]
        return [Sampled(tuple(text), (self._logprob,) * len(text), "stop") for text in texts]

    def logprobs(self, tokens: Sequence[int]) -> list[float | None]:
        raise AssertionError("a gate never asks for these")

    def renderer(self) -> Renderer:
        return FakeRenderer()


class FakeTrainer:
    """Policies by path; that of the base model is the empty one."""

    def __init__(self, **_: Any) -> None:
        self.samplers: dict[str, FakeSampler] = {}

    def says(self, path: str, answer: str | Answer, logprob: float = -0.7) -> FakeSampler:
        said = answer if callable(answer) else (lambda words, at: answer)
        self.samplers[path] = FakeSampler(path, said, logprob)
        return self.samplers[path]

    @contextmanager
    def open(self, path: str) -> Iterator[Sampler]:
        yield self.samplers[path]


class WordJudge:
    """Finds answers with "good" in them good, and the others bad; remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[tuple[Prompt, str]] = []
        self._lock = threading.Lock()

    def __call__(self, prompt: Prompt, answer: str) -> Marked:
        with self._lock:
            self.seen.append((prompt, answer))
        return Marked(1.0 if "good" in answer else -1.0)
