"""The token-level losses. Each is a sum: whoever wants a mean divides the advantages."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from apps.trainer.errors import RequestFailed

Config = Mapping[str, float | str]
Inputs = Mapping[str, Tensor]


@dataclass(frozen=True)
class Loss:
    """What it needs beside ``target_tokens``, the settings it knows, and its formula."""

    inputs: tuple[str, ...]
    defaults: Mapping[str, float]
    formula: Callable[[Tensor, Inputs, Mapping[str, float]], Tensor]

    def settings(self, config: Config) -> dict[str, float]:
        unknown = sorted(config.keys() - self.defaults.keys())
        if unknown:
            known = ", ".join(self.defaults) or "none"
            raise RequestFailed(f"Unknown loss settings: {', '.join(unknown)} (known: {known}).")
        values = dict(self.defaults)
        for name, value in config.items():
            if isinstance(value, str) or not math.isfinite(value):
                raise RequestFailed(f"The loss setting {name} must be a finite number.")
            values[name] = value
        return values


def _cross_entropy(logprobs: Tensor, given: Inputs, _: Mapping[str, float]) -> Tensor:
    return -(given["weights"] * logprobs).sum()


def _importance_sampling(logprobs: Tensor, given: Inputs, _: Mapping[str, float]) -> Tensor:
    return -(ratio_of(logprobs, given) * given["advantages"]).sum()


def _ppo(logprobs: Tensor, given: Inputs, settings: Mapping[str, float]) -> Tensor:
    ratio, advantages = ratio_of(logprobs, given), given["advantages"]
    return -torch.minimum(ratio * advantages, _clipped(ratio, settings) * advantages).sum()


def _cispo(logprobs: Tensor, given: Inputs, settings: Mapping[str, float]) -> Tensor:
    ratio = _clipped(ratio_of(logprobs, given), settings).detach()
    return -(ratio * logprobs * given["advantages"]).sum()


def _dro(logprobs: Tensor, given: Inputs, settings: Mapping[str, float]) -> Tensor:
    distance = (logprobs - given["logprobs"]).pow(2)
    return -(logprobs * given["advantages"] - 0.5 * settings["beta"] * distance).sum()


def ratio_of(logprobs: Tensor, given: Inputs) -> Tensor:
    """How much likelier a token is now than when it was sampled."""
    return torch.exp(logprobs - given["logprobs"])


def _clipped(ratio: Tensor, settings: Mapping[str, float]) -> Tensor:
    # Bounds of the ratio itself, not distances from 1.
    return ratio.clamp(settings["clip_low_threshold"], settings["clip_high_threshold"])


_POLICY = ("logprobs", "advantages")
LOSSES: Mapping[str, Loss] = {
    "cross_entropy": Loss(("weights",), {}, _cross_entropy),
    "importance_sampling": Loss(_POLICY, {}, _importance_sampling),
    "ppo": Loss(_POLICY, {"clip_low_threshold": 0.8, "clip_high_threshold": 1.2}, _ppo),
    "cispo": Loss(_POLICY, {"clip_low_threshold": 0.0, "clip_high_threshold": 4.0}, _cispo),
    "dro": Loss(_POLICY, {"beta": 0.05}, _dro),
}


def loss_named(name: str) -> Loss:
    loss = LOSSES.get(name)
    if loss is None:
        raise RequestFailed(f"The loss {name!r} is not known here; known: {', '.join(LOSSES)}.")
    return loss
