"""What is said in the turns: requests in nine languages, and answers in words of Zipf's law."""

import re
from collections.abc import Sequence
from itertools import accumulate
from random import Random

from bench.retrieval.dataset import load

_VOCABULARY = 30_000
_SYLLABLES = [*re.findall("..", "bacedifoguhakelimonuparesitovuwaxeyizo"), "chi", "sta", "tra"]
_TOPICS = ("invoice", "release", "database", "certificate", "holiday", "contract", "backup")


class Texts:
    """Makes turns of texts; the same ones for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = Random(seed)
        self.requests = [query.text for query in load().queries]
        self.words = [self._word() for _ in range(_VOCABULARY)]
        self._weights = list(accumulate(1 / rank for rank in range(1, _VOCABULARY + 1)))

    def request(self) -> tuple[int, str]:
        """Which of the requests this is about, and what is said."""
        number = self._random.randrange(len(self.requests))
        topic = self._random.choice(_TOPICS)
        ticket = self._random.randrange(100_000)
        return number, f"{self.requests[number]} ({topic}, {' '.join(self.some(6))}, #{ticket})"

    def answer(self) -> str:
        return " ".join(self.some(self._random.randrange(40, 160)))

    def some(self, count: int) -> Sequence[str]:
        return self._random.choices(self.words, cum_weights=self._weights, k=count)

    def _word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randrange(1, 6)))
