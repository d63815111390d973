"""LoRA over a frozen base: one base in memory, and whichever adapter is laid over it just now."""

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from apps.trainer.errors import RequestFailed
from apps.trainer.types import LoraSpec

# The update is scaled by ALPHA / rank, so that a learning rate suits every rank.
ALPHA = 32.0
_ATTENTION = re.compile(r"(^|\.)(self_attn|attn|attention|self_attention|c_attn)(\.|$)")
_UNEMBED = re.compile(r"(^|\.)(lm_head|embed_out|output)$")


class Laid(Protocol):
    """What can be laid over a base: matrices by the name of the layer they change."""

    rank: int
    matrices: dict[str, tuple[Tensor, Tensor]]


class LoraLayer(nn.Module):
    """A frozen layer, plus the low-rank update of the adapter in place (if there is one)."""

    def __init__(self, layer: nn.Module, inputs: int, outputs: int) -> None:
        super().__init__()
        self.layer = layer
        self.inputs = inputs
        self.outputs = outputs
        # A plain tuple: nn.Module would register tensors, and they come and go with requests.
        self.update: tuple[Tensor, Tensor, float] | None = None

    def forward(self, x: Tensor) -> Tensor:
        frozen: Tensor = self.layer(x)
        if self.update is None:
            return frozen
        down, up, scale = self.update
        change = nn.functional.linear(nn.functional.linear(x.to(down.dtype), down), up)
        return frozen + (change * scale).to(frozen.dtype)


class LoraBase:
    """The layers of one base model that adapters may change."""

    def __init__(self, model: nn.Module) -> None:
        self.layers: dict[str, LoraLayer] = {}
        for name, module in list(model.named_modules()):
            sizes = _sizes(module)
            if sizes is None:
                continue
            wrapped = LoraLayer(module, *sizes)
            parent, _, last = name.rpartition(".")
            setattr(model.get_submodule(parent), last, wrapped)
            self.layers[name] = wrapped
        for parameter in model.parameters():
            parameter.requires_grad_(requires_grad=False)

    def names(self, spec: LoraSpec) -> list[str]:
        """The layers that an adapter of this kind has."""
        wanted = {
            "attention": spec.train_attn,
            "unembed": spec.train_unembed,
            "mlp": spec.train_mlp,
        }
        names = [name for name in self.layers if wanted[part_of(name)]]
        if not names:
            raise RequestFailed("This adapter would change nothing: every train_ option is off.")
        return names

    def fresh(self, spec: LoraSpec, device: torch.device) -> dict[str, tuple[Tensor, Tensor]]:
        """New matrices that change nothing yet; the same ones for the same seed."""
        generator = torch.Generator().manual_seed(spec.seed)
        matrices = {}
        for name in self.names(spec):
            layer = self.layers[name]
            bound = 1.0 / math.sqrt(layer.inputs)
            down = torch.empty(spec.rank, layer.inputs)
            down.uniform_(-bound, bound, generator=generator)
            up = torch.zeros(layer.outputs, spec.rank)
            matrices[name] = (down.to(device), up.to(device))
        return matrices

    @contextmanager
    def laid(self, adapter: Laid | None) -> Iterator[None]:
        """``adapter`` counts inside; the bare base again afterwards."""
        if adapter is None:
            yield
            return
        scale = ALPHA / adapter.rank
        for name, (down, up) in adapter.matrices.items():
            self.layers[name].update = (down, up, scale)
        try:
            yield
        finally:
            for name in adapter.matrices:
                self.layers[name].update = None


def part_of(name: str) -> str:
    """Which of the three parts of a model a layer belongs to."""
    if _UNEMBED.search(name):
        return "unembed"
    return "attention" if _ATTENTION.search(name) else "mlp"


def _sizes(module: nn.Module) -> tuple[int, int] | None:
    if isinstance(module, nn.Linear):
        return module.in_features, module.out_features
    if type(module).__name__ == "Conv1D":  # GPT-2's linear layer, its weight the other way round
        weight: Any = module.weight
        return int(weight.shape[0]), int(weight.shape[1])
    return None
