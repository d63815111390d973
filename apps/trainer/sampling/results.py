"""What sampling comes to."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

StopReason = Literal["stop", "length"]
# The likeliest tokens of one position with their log-probabilities, best first.
TopK = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Sequence:
    """``logprobs`` are those of the policy at the temperature that was asked for (at 1 for greedy
    choice), before top-k and top-p cut anything off. A stop token is part of ``tokens``."""

    tokens: list[int]
    logprobs: list[float]
    stop_reason: StopReason
    top: list[TopK]


@dataclass(frozen=True, slots=True)
class Sampled:
    """``prompt_logprobs`` are at temperature 1, None where nothing was asked or is known."""

    sequences: list[Sequence]
    prompt_logprobs: list[float | None] | None = None
    prompt_top: list[TopK | None] | None = None
    target_logprobs: np.ndarray | None = None
