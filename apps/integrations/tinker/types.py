"""What the rest of the product knows of a trainer: plain values and three protocols.

The SDK itself is imported in ``client`` alone, by processes that train or sample: it takes
seconds to load, and keeps a thread.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

StopReason = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class TrainerConnection:
    """Where the Tinker API is, and the key for it. Both always of one workspace's connection."""

    base_url: str
    api_key: str
    # Of the connection it comes from: which client speaks to it.
    kind: str = "tinker"

    def __repr__(self) -> str:
        return f"TrainerConnection({self.base_url})"


@dataclass(frozen=True, slots=True)
class Sampled:
    """One answer in the sampler's own tokens. ``logprobs``: of each of them, natural log."""

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    stop_reason: StopReason


@dataclass(frozen=True, slots=True)
class SamplingWish:
    """How to sample. ``stop``: texts; empty for the end of the turn alone."""

    max_tokens: int
    temperature: float = 1.0
    top_p: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One sequence to learn from. The arrays are of the answer's tokens; over the prompt they
    are zero. ``weights`` is for ``cross_entropy``, the other two for the policy losses."""

    prompt: Sequence[int]
    answer: Sequence[int]
    logprobs: Sequence[float] | None = None
    advantages: Sequence[float] | None = None
    weights: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class Stepped:
    """What an optimizer step came to. ``logprobs``: of each row's answer, before the step."""

    metrics: Mapping[str, float]
    logprobs: list[list[float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Offer:
    """A base model that a trainer has. ``context``: in tokens; None where it does not say."""

    model: str
    context: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as a message: what the template's own format says it is."""

    text: str
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    # What the model thought before it spoke, where its template has a place for that.
    reasoning: str = ""

    def message(self) -> dict[str, Any]:
        """As a chat completion has it."""
        found: dict[str, Any] = {"role": "assistant", "content": self.text or None}
        if self.reasoning:
            found["reasoning_content"] = self.reasoning
        if self.tool_calls:
            found["tool_calls"] = self.tool_calls
        return found


class Renderer(Protocol):
    """Messages to tokens and back, by the chat template of one model's tokenizer."""

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> list[int]:
        """The tokens of a conversation, ending where the assistant begins to speak.

        ``messages`` and ``tools`` as the Chat Completions API has them. Raises
        CannotRender where the template has no place for something in them.
        """
        ...

    def said(self, tokens: Sequence[int]) -> Said:
        """Read an answer's tokens: its text without the end mark, and its tool calls."""
        ...


class Writer(Renderer, Protocol):
    """A Renderer that also writes answers as the model itself would have to say them."""

    def answer(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        said: Mapping[str, Any],
    ) -> list[int]:
        """The tokens of an assistant's message after that conversation, its end mark included.

        Behind those of ``prompt`` for the same conversation they are what the model would have
        sampled to say it. Raises CannotRender.
        """
        ...


class Sampler(Protocol):
    """One policy that can be asked. Raises TrainerFailed only."""

    # The path of its weights; empty for the base model.
    path: str

    def sample(self, prompt: Sequence[int], count: int, wish: SamplingWish) -> list[Sampled]:
        """``count`` answers to one prompt, sampled at the same time."""
        ...

    def logprobs(self, tokens: Sequence[int]) -> list[float | None]:
        """The log-probability of each token after those before it; None for the first."""
        ...

    def renderer(self) -> Renderer: ...


class Training(Protocol):
    """One adapter being trained. Raises TrainerFailed only; every wait has a deadline."""

    # The most tokens of a sequence; None where the trainer does not say.
    context: int | None

    def step(
        self,
        rows: Sequence[Row],
        *,
        loss: str,
        config: Mapping[str, float],
        learning_rate: float,
    ) -> Stepped:
        """Forward, backward and one optimizer step over all rows at once."""
        ...

    def save_state(self, name: str, *, ttl_seconds: int | None = None) -> str:
        """Store weights and optimizer state; answers with their ``tinker://`` path."""
        ...

    def save_sampler(self, name: str, *, ttl_seconds: int | None = None) -> str:
        """Store the weights to sample with; answers with their ``tinker://`` path."""
        ...

    def sampler(self, path: str) -> Sampler: ...

    def writer(self) -> Writer: ...


class TrainerClient(Protocol):
    """What speaks to trainers of one kind; ``client`` is one. Raises TrainerFailed only."""

    def capabilities(self, connection: TrainerConnection) -> list[Offer]:
        """The base models there are, within seconds."""
        ...

    def open_training(
        self,
        connection: TrainerConnection,
        *,
        base_model: str,
        rank: int,
        state_path: str = "",
    ) -> AbstractContextManager[Training]:
        """An adapter, new or as it was stored."""
        ...

    def open_sampler(
        self, connection: TrainerConnection, *, base_model: str, path: str = ""
    ) -> AbstractContextManager[Sampler]:
        """A policy to ask: stored weights, or the base model itself."""
        ...
