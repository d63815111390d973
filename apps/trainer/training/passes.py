"""Forward and backward through a frozen base with one adapter over it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apps.trainer.errors import RequestFailed
from apps.trainer.models.base import Base
from apps.trainer.training.adapter import Adapter
from apps.trainer.training.data import Example
from apps.trainer.training.losses import Loss, ratio_of

# Padded tokens in one go, fewer where every token has many logits. Nothing else may decide it: a
# repeated pass must add up its numbers in the same order.
_TOKENS_AT_ONCE = 8_192
_LOGITS_AT_ONCE = 64_000_000


@dataclass(frozen=True)
class PassResult:
    """The log-probability of every target, row by row, and figures over all of them."""

    logprobs: list[np.ndarray]
    metrics: dict[str, float]


def run_pass(
    base: Base,
    adapter: Adapter,
    examples: Sequence[Example],
    loss: Loss,
    settings: Mapping[str, float],
    *,
    backward: bool,
) -> PassResult:
    """Compute the loss; with ``backward``, add its gradients to what the adapter has collected."""
    figures = _Figures(loss, settings)
    rows: list[np.ndarray] = []
    with base.lora.laid(adapter), torch.set_grad_enabled(backward):
        for part in _parts(examples, min(_TOKENS_AT_ONCE, _LOGITS_AT_ONCE // base.vocabulary)):
            found, entropies = _target_logprobs(base, part)
            values = [
                _loss(loss, row, example, settings)
                for row, example in zip(found, part, strict=True)
            ]
            total = torch.stack(values).sum()
            if not math.isfinite(float(total.detach())):
                raise RequestFailed(
                    "The loss is not finite: the log-probabilities are too far apart."
                )
            if backward and total.requires_grad:
                total.backward()
            for row, entropy, example, value in zip(found, entropies, part, values, strict=True):
                figures.add(row.detach(), entropy, example, float(value.detach()))
                rows.append(row.detach().float().cpu().numpy())
    return PassResult(rows, figures.metrics())


def _loss(loss: Loss, row: Tensor, example: Example, settings: Mapping[str, float]) -> Tensor:
    given = {name: values.to(row.device) for name, values in example.given.items()}
    return loss.formula(row, given, settings)


def _parts(examples: Sequence[Example], most: int) -> Iterator[list[Example]]:
    part: list[Example] = []
    longest = 0
    for example in examples:
        longest = max(longest, len(example.tokens))
        if part and longest * (len(part) + 1) > most:
            yield part
            part, longest = [], len(example.tokens)
        part.append(example)
    if part:
        yield part


def _target_logprobs(base: Base, part: Sequence[Example]) -> tuple[list[Tensor], list[Tensor]]:
    """Per row, the log-probabilities of its targets; and the entropies, without gradients."""
    longest = max(len(example.tokens) for example in part)
    tokens = torch.zeros(len(part), longest, dtype=torch.long)
    mask = torch.zeros(len(part), longest, dtype=torch.long)
    for i, example in enumerate(part):
        tokens[i, : len(example.tokens)] = torch.tensor(example.tokens)
        mask[i, : len(example.tokens)] = 1
    output = base.logits(tokens.to(base.device), mask.to(base.device), use_cache=False)
    rows, entropies = [], []
    for i, example in enumerate(part):
        logprobs = torch.log_softmax(output.logits[i, : len(example.tokens)].float(), dim=-1)
        targets = example.targets.to(base.device)
        wanted = targets if targets.ndim == 2 else targets[:, None]
        rows.append(logprobs.gather(1, wanted).reshape(targets.shape))
        with torch.no_grad():
            entropies.append(-(logprobs.exp() * logprobs).sum(dim=-1))
    return rows, entropies


class _Figures:
    """What a person wants to see of a pass, over the tokens that count.

    The SDK joins the figures of several parts of a request by the word behind the colon."""

    def __init__(self, loss: Loss, settings: Mapping[str, float]) -> None:
        self._loss = loss
        self._settings = settings
        self._total = 0.0
        self._tokens = 0
        self._entropy = 0.0
        self._kl = 0.0
        self._ratio = 0.0
        self._largest = 0.0
        self._clipped = 0

    def add(self, row: Tensor, entropy: Tensor, example: Example, value: float) -> None:
        self._total += value
        is_policy = "advantages" in example.given
        weights = example.given["advantages" if is_policy else "weights"].to(row.device)
        counts = weights != 0
        if counts.ndim == 2:
            counts = counts.any(dim=1)
        self._tokens += int(counts.sum())
        self._entropy += float(entropy[counts].sum())
        if not is_policy or not bool(counts.any()):
            return
        old = {name: values.to(row.device) for name, values in example.given.items()}
        ratio = ratio_of(row, old)[counts]
        self._kl += float((old["logprobs"] - row)[counts].sum())
        self._ratio += float(ratio.sum())
        self._largest = max(self._largest, float(ratio.max()))
        if "clip_low_threshold" in self._settings:
            low, high = (self._settings[f"clip_{end}_threshold"] for end in ("low", "high"))
            self._clipped += int(((ratio < low) | (ratio > high)).sum())

    def metrics(self) -> dict[str, float]:
        tokens = max(self._tokens, 1)
        metrics = {
            "loss:sum": self._total,
            "tokens:sum": float(self._tokens),
            "entropy:mean": self._entropy / tokens,
        }
        if "advantages" in self._loss.inputs:
            metrics |= {
                "kl_sample_train:mean": self._kl / tokens,
                "ratio:mean": self._ratio / tokens,
                "ratio:max": self._largest,
            }
        if "clip_low_threshold" in self._settings:
            metrics["clip_fraction:mean"] = self._clipped / tokens
        return metrics
