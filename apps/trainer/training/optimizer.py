"""AdamW over an adapter's own memory: decoupled decay, global clipping, one step per call."""

import math
from dataclasses import dataclass

import torch

from apps.trainer.errors import RequestFailed
from apps.trainer.training.adapter import Adapter


@dataclass(frozen=True, slots=True)
class AdamParams:
    learning_rate: float = 1e-4
    beta1: float = 0.9
    beta2: float = 0.95
    eps: float = 1e-12
    weight_decay: float = 0.0
    grad_clip_norm: float = 0.0


@torch.no_grad()
def take_step(adapter: Adapter, params: AdamParams) -> dict[str, float]:
    """Apply the gradients collected so far, and drop them. Parameters without any count as zero.

    Raises RequestFailed, with the adapter unchanged, if the gradients are no numbers."""
    parameters = adapter.parameters()
    norm = math.sqrt(
        sum(float(p.grad.double().pow(2).sum()) for p in parameters.values() if p.grad is not None)
    )
    if not math.isfinite(norm):
        raise RequestFailed("The gradients are not finite; no step was taken and they are dropped.")
    clip = params.grad_clip_norm
    shrink = clip / norm if 0 < clip < norm else 1.0
    adapter.step += 1
    for name, parameter in parameters.items():
        collected = parameter.grad
        gradient = torch.zeros_like(parameter) if collected is None else collected * shrink
        mean, square = _memory(adapter, name, parameter)
        mean.lerp_(gradient, 1 - params.beta1)
        square.mul_(params.beta2).addcmul_(gradient, gradient, value=1 - params.beta2)
        parameter.mul_(1 - params.learning_rate * params.weight_decay)
        size = params.learning_rate / (1 - params.beta1**adapter.step)
        spread = (square / (1 - params.beta2**adapter.step)).sqrt_().add_(params.eps)
        parameter.addcdiv_(mean, spread, value=-size)
    forget_gradients(adapter)
    return {"unclipped_grad_l2:mean": norm, "learning_rate:mean": params.learning_rate}


def forget_gradients(adapter: Adapter) -> None:
    for parameter in adapter.parameters().values():
        parameter.grad = None


def _memory(adapter: Adapter, name: str, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    memory = adapter.memory
    if f"{name}.mean" not in memory:
        memory[f"{name}.mean"] = torch.zeros_like(like)
        memory[f"{name}.square"] = torch.zeros_like(like)
    return memory[f"{name}.mean"], memory[f"{name}.square"]
