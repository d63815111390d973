"""Playing: asking the policy, doing what its tool calls ask for, checking what came out.

Nothing here touches the database: it runs in threads of its own.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.core.clock import now
from apps.core.errors import DomainError, UpstreamFailed
from apps.integrations.tinker.types import Renderer, Said, Sampled, Sampler, SamplingWish
from apps.training.checkers import Checked, answer_check
from apps.training.sandbox.opening import room_open
from apps.training.sandbox.room import Room
from apps.training.sandbox.tools import tool_answer
from apps.training.services.rollouts.openings import Opening

# A worker's task has a few minutes: an episode that takes longer would never end.
_EPISODE_SECONDS = 90.0
_CHECK_SECONDS = 20.0


class StoppedEarly(Exception):
    """Nobody wants the episode just now: it is played another time."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request to the policy and its answer."""

    messages: list[dict[str, Any]]
    prompt: Sequence[int]
    sampled: Sampled
    said: Said
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """What came of one way through a task. With an ``error`` it has no reward, and is not kept;
    what was sampled of it counts all the same."""

    steps: list[Step] = field(default_factory=list)
    # None: the judge is to decide.
    checked: Checked | None = None
    error: str = ""


class OneAtATime:
    """A renderer for several threads: tokenizers may be used by one at a time."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self._lock = renderer, threading.Lock()

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> list[int]:
        with self._lock:
            return self._renderer.prompt(messages, tools)

    def said(self, tokens: Sequence[int]) -> Said:
        with self._lock:
            return self._renderer.said(tokens)


@dataclass(frozen=True, slots=True)
class Player:
    """A policy to be asked by several threads at once."""

    sampler: Sampler
    renderer: OneAtATime
    stop: threading.Event

    def group(self, opening: Opening, count: int, wish: SamplingWish) -> list[Episode]:
        """Several answers to one prompt, sampled at once. Raises TrainerFailed."""
        started_at = now()
        found = self.sampler.sample(opening.tokens, count, wish)
        finished_at = now()
        return [
            self._single(opening, Sampling(one, opening.tokens, started_at, finished_at))
            for one in found
        ]

    def with_tools(self, opening: Opening, wish: SamplingWish) -> Episode:
        """One way through a task with tools. Raises TrainerFailed and StoppedEarly."""
        steps: list[Step] = []
        try:
            with room_open() as room:
                self._walk(opening, wish, room, steps)
                return self._checked(opening, steps, room)
        except UpstreamFailed:
            raise
        except DomainError as exc:
            return Episode(steps, error=exc.detail)

    def _walk(self, opening: Opening, wish: SamplingWish, room: Room, steps: list[Step]) -> None:
        until = time.monotonic() + _EPISODE_SECONDS
        since: list[dict[str, Any]] = []
        for _ in range(opening.task.max_steps):
            if self.stop.is_set():
                raise StoppedEarly
            if time.monotonic() > until:
                return
            read = [*opening.read, *since]
            prompt = self.renderer.prompt(read, opening.tools) if since else opening.tokens
            started_at = now()
            (sampled,) = self.sampler.sample(prompt, 1, wish)
            sampling = Sampling(sampled, prompt, started_at, now())
            steps.append(self._step([*opening.messages, *since], sampling))
            said = steps[-1].said
            if not said.tool_calls or sampled.stop_reason == "length":
                return
            since.append(said.message())
            since += [self._used(room, opening, call) for call in said.tool_calls]

    def _used(self, room: Room, opening: Opening, call: dict[str, Any]) -> dict[str, Any]:
        content = tool_answer(room, opening.task.tools, call)
        return {"role": "tool", "tool_call_id": str(call.get("id", "")), "content": content}

    def _single(self, opening: Opening, sampling: "Sampling") -> Episode:
        steps = [self._step(opening.messages, sampling)]
        try:
            if (opening.task.checker or {}).get("kind") != "command":
                return self._checked(opening, steps, None)
            with room_open() as room:
                return self._checked(opening, steps, room)
        except DomainError as exc:
            return Episode(steps, error=exc.detail)

    def _step(self, messages: list[dict[str, Any]], sampling: "Sampling") -> Step:
        said = self.renderer.said(sampling.sampled.tokens)
        return Step(
            messages,
            sampling.prompt,
            sampling.sampled,
            said,
            sampling.started_at,
            sampling.ended_at,
        )

    def _checked(self, opening: Opening, steps: list[Step], room: Room | None) -> Episode:
        if not steps or not steps[-1].sampled.tokens:
            return Episode(steps, error="The policy said nothing.")
        if opening.task.checker is None:
            return Episode(steps)
        answer = steps[-1].said.text
        return Episode(steps, answer_check(opening.task.checker, answer, _command_in(room)))


@dataclass(frozen=True, slots=True)
class Sampling:
    sampled: Sampled
    prompt: Sequence[int]
    started_at: datetime
    ended_at: datetime


def _command_in(room: Room | None) -> Callable[[list[str], str], tuple[int, str]] | None:
    """Checkers run where the tools did: they may look at what was made there."""
    if room is None:
        return None

    def run(argv: list[str], answer: str) -> tuple[int, str]:
        ran = room.run(argv, said=answer, seconds=_CHECK_SECONDS)
        return ran.exit_code if ran.ended == "done" else 124, ran.stdout

    return run
