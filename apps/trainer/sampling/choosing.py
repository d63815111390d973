"""The next token of every row, and how likely it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor

from apps.trainer.sampling.asks import Options
from apps.trainer.sampling.results import TopK


@dataclass(frozen=True, slots=True)
class Chosen:
    token: int
    logprob: float
    top: TopK


def choose(
    logits: Tensor, options: Sequence[Options], numbers: Sequence[Random], tops: Sequence[int]
) -> list[Chosen]:
    """One token per row. A row draws from its own numbers, whatever stands in the batch with it."""
    heat = torch.tensor([option.temperature or 1.0 for option in options], device=logits.device)
    logprobs = torch.log_softmax(logits.float() / heat[:, None], dim=-1)
    weights = logprobs.double().exp()
    for i, option in enumerate(options):
        if option.top_k > 0 or option.top_p < 1:
            weights[i] = _cut(weights[i], option)
    sums = weights.cumsum(dim=-1)
    draws = torch.tensor([number.random() for number in numbers], dtype=torch.double)
    places = draws.to(logits.device)[:, None] * sums[:, -1:]
    tokens = torch.searchsorted(sums, places, right=True)[:, 0].clamp(max=logits.shape[1] - 1)
    greedy = torch.tensor([option.temperature == 0 for option in options], device=logits.device)
    tokens = torch.where(greedy, logprobs.argmax(dim=-1), tokens)
    found = logprobs.gather(1, tokens[:, None])[:, 0].tolist()
    return [
        Chosen(token, logprob, top_of(logprobs[i], tops[i]))
        for i, (token, logprob) in enumerate(zip(tokens.tolist(), found, strict=True))
    ]


def top_of(logprobs: Tensor, count: int) -> TopK:
    if count == 0:
        return []
    values, tokens = logprobs.topk(min(count, logprobs.shape[-1]))
    return list(zip(tokens.tolist(), values.tolist(), strict=True))


def _cut(weights: Tensor, option: Options) -> Tensor:
    """Only the likeliest keep their weight: at most ``top_k``, until ``top_p`` is reached."""
    values, order = weights.sort(descending=True, stable=True)
    keep = torch.ones_like(values, dtype=torch.bool)
    if option.top_p < 1:
        keep &= values.cumsum(dim=-1) - values < option.top_p * values.sum()
    if option.top_k > 0:
        keep[option.top_k :] = False
    return torch.zeros_like(weights).scatter(0, order[keep], values[keep])
