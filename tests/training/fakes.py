"""A trainer in memory, that keeps the promises of the protocol and can be told to fail."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import Row, Said, Sampler, Stepped, Writer


class Killed(BaseException):
    """The worker's process dies here: nothing of ours catches it."""


@dataclass
class FakeTrainer:
    """What a trainer remembers between sessions: by path, the steps behind the stored weights."""

    states: dict[str, tuple[int, ...]] = field(default_factory=dict)
    # Every step that was taken, stored or not, by what it learned from.
    taken: list[list[Row]] = field(default_factory=list)
    opened_from: list[str] = field(default_factory=list)
    # Raised at the next call of that name, once each.
    failing: dict[str, list[BaseException]] = field(default_factory=dict)

    @contextmanager
    def open(self, *, base_model: str, rank: int, state_path: str) -> Iterator["FakeTraining"]:
        self.fail("open")
        if state_path and state_path not in self.states:
            raise TrainerFailed(f"There is no {state_path}.", reason="gone")
        self.opened_from.append(state_path)
        yield FakeTraining(self, list(self.states.get(state_path, ())))

    def fail(self, name: str) -> None:
        waiting = self.failing.get(name)
        if waiting:
            raise waiting.pop(0)


class FakeWriter:
    """Every byte is a token; an answer ends with a zero."""

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> list[int]:
        return list(json.dumps([list(messages), list(tools)]).encode())

    def answer(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        said: Mapping[str, Any],
    ) -> list[int]:
        return [*json.dumps(said).encode(), 0]

    def said(self, tokens: Sequence[int]) -> Said:
        raise AssertionError("nothing is sampled here")


class FakeTraining:
    context: int | None = None

    def __init__(self, trainer: FakeTrainer, behind: list[int]) -> None:
        self._trainer = trainer
        self._behind = behind

    def step(
        self,
        rows: Sequence[Row],
        *,
        loss: str,
        config: Mapping[str, float],
        learning_rate: float,
    ) -> Stepped:
        self._trainer.fail("step")
        self._trainer.taken.append(list(rows))
        self._behind.append(len(self._trainer.taken) - 1)
        self._trainer.fail("stepped")
        return Stepped(
            metrics={"loss:sum": 1.0},
            logprobs=[list(row.logprobs or [-1.0] * len(row.answer)) for row in rows],
        )

    def save_state(self, name: str, *, ttl_seconds: int | None = None) -> str:
        self._trainer.fail("save_state")
        path = f"tinker://run/weights/{name}"
        self._trainer.states[path] = tuple(self._behind)
        self._trainer.fail("saved_state")
        return path

    def save_sampler(self, name: str, *, ttl_seconds: int | None = None) -> str:
        self._trainer.fail("save_sampler")
        return f"tinker://run/sampler_weights/{name}"

    def sampler(self, path: str) -> Sampler:
        raise AssertionError("nothing is sampled here")

    def writer(self) -> Writer:
        return FakeWriter()


def tools_of(trainer: FakeTrainer, **others: Any) -> Any:
    from apps.training.services.advancing import Tools
    from apps.training.services.gathering import gather

    return Tools(
        **{
            "open_training": trainer.open,
            "open_teacher": lambda recipe, opened: None,
            "gather": gather,
            **others,
        }
    )
