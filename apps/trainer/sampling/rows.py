"""One sequence on its way, and when it ends."""

from random import Random
from typing import Any

from apps.trainer.sampling.asks import Ask
from apps.trainer.sampling.choosing import Chosen
from apps.trainer.sampling.results import Sequence, StopReason


class Row:
    def __init__(
        self, ask: Ask, index: int, *, seed: int, ends: frozenset[int], room: int, tokenizer: Any
    ) -> None:
        options = ask.options
        self.ask = ask
        self.index = index
        self.numbers = Random(f"{seed}:{index}")  # noqa: S311 (samples, not secrets)
        self.end: StopReason | None = None
        self.tokens: list[int] = []
        self._logprobs: list[float] = []
        self._top: list[list[tuple[int, float]]] = []
        self._ends = options.stop_tokens | (ends if options.ends_at_eos else frozenset())
        self._most = min(room, options.max_tokens or room)
        self._tokenizer = tokenizer
        # A token is at least one byte: this many of the last ones hold every new match.
        self._window = max((len(text.encode()) for text in options.stop_texts), default=0) + 4

    def add(self, chosen: Chosen) -> None:
        self.tokens.append(chosen.token)
        self._logprobs.append(chosen.logprob)
        self._top.append(chosen.top)
        if chosen.token in self._ends or self._says_stop():
            self.end = "stop"
        elif len(self.tokens) >= self._most:
            self.end = "length"
        if self.ask.on_token is not None:
            self.ask.on_token(self.index, chosen.token, chosen.logprob, chosen.top, self.end)

    def sequence(self) -> Sequence:
        assert self.end is not None
        top = self._top if self.ask.top_of_sample else []
        return Sequence(self.tokens, self._logprobs, self.end, top)

    def _says_stop(self) -> bool:
        texts = self.ask.options.stop_texts
        if not texts:
            return False
        said = self._tokenizer.decode(self.tokens[-self._window :], skip_special_tokens=False)
        return any(text in said for text in texts)
