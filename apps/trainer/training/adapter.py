"""An adapter in memory: its matrices, and what its optimizer remembers."""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from apps.trainer.models.base import Base
from apps.trainer.types import LoraSpec

_PARTS = ("down", "up")


@dataclass
class Adapter:
    """``matrices`` are what a base lays over itself; ``memory`` is Adam's two averages of each."""

    rank: int
    matrices: dict[str, tuple[Tensor, Tensor]]
    memory: dict[str, Tensor] = field(default_factory=dict)
    step: int = 0

    @classmethod
    def fresh(cls, base: Base, spec: LoraSpec) -> "Adapter":
        return cls(rank=spec.rank, matrices=base.lora.fresh(spec, base.device))

    def parameters(self) -> dict[str, Tensor]:
        return {
            f"{name}.{part}": matrix
            for name, pair in self.matrices.items()
            for part, matrix in zip(_PARTS, pair, strict=True)
        }

    def learns(self) -> "Adapter":
        """Ready to collect gradients."""
        for parameter in self.parameters().values():
            parameter.requires_grad_()
        return self

    def tensors(self, *, with_optimizer: bool) -> dict[str, Tensor]:
        """What is stored of it."""
        stored = {name: matrix.detach() for name, matrix in self.parameters().items()}
        if with_optimizer:
            stored |= {f"optimizer.{name}": value for name, value in self.memory.items()}
        return stored

    @classmethod
    def of(
        cls, tensors: dict[str, Any], *, rank: int, step: int, device: torch.device
    ) -> "Adapter":
        """The inverse of ``tensors``."""
        memory: dict[str, Tensor] = {}
        halves: dict[str, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith("optimizer."):
                memory[name.removeprefix("optimizer.")] = tensor.to(device)
                continue
            layer, _, part = name.rpartition(".")
            halves.setdefault(layer, {})[part] = tensor.to(device)
        matrices = {layer: (parts["down"], parts["up"]) for layer, parts in halves.items()}
        return cls(rank=rank, matrices=matrices, memory=memory, step=step)
