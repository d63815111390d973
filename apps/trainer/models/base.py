"""A causal language model of a local folder, ready for adapters."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer

from apps.trainer.models.lora import LoraBase

_DEFAULT_CONTEXT = 4_096


@dataclass(frozen=True)
class Base:
    """One model in memory, shared by all adapters over it."""

    name: str
    folder: Path
    model: Any
    tokenizer: Any
    lora: LoraBase
    device: torch.device
    vocabulary: int
    context: int
    ends: frozenset[int]
    architecture: str
    keeps_logits: bool
    # What the memory of one token takes while an answer is sampled.
    bytes_per_token: int

    def logits(self, tokens: Tensor, mask: Tensor, **options: Any) -> Any:
        """The model's output for padded rows, with positions counted without the padding."""
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)[:, -tokens.shape[1] :]
        return self.model(input_ids=tokens, attention_mask=mask, position_ids=positions, **options)


def load_base(name: str, folder: Path, device: torch.device) -> Base:
    """Load the model in ``folder``; code that it may bring along is not run."""
    # Paths only: nothing is fetched from anywhere.
    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(
        str(folder), local_files_only=True, dtype=torch.float32, use_safetensors=True
    )
    model.eval().to(device)
    config = model.config.get_text_config()
    return Base(
        name=name,
        folder=folder,
        model=model,
        tokenizer=tokenizer,
        lora=LoraBase(model),
        device=device,
        vocabulary=int(config.vocab_size),
        context=int(getattr(config, "max_position_embeddings", None) or _DEFAULT_CONTEXT),
        ends=frozenset(_ends(model, tokenizer)),
        architecture=type(model).__name__,
        keeps_logits="logits_to_keep" in inspect.signature(model.forward).parameters,
        bytes_per_token=_bytes_per_token(config),
    )


def _bytes_per_token(config: Any) -> int:
    """A key and a value of float32 per layer, at most as wide as the model."""
    width = int(config.hidden_size)
    heads = getattr(config, "num_key_value_heads", None)
    if heads:
        size = getattr(config, "head_dim", None) or width // int(config.num_attention_heads)
        width = int(heads) * int(size)
    return 2 * 4 * width * int(config.num_hidden_layers)


def _ends(model: Any, tokenizer: Any) -> Sequence[int]:
    """The tokens that end an answer, wherever this model says so."""
    found: list[int] = []
    for source in (model.generation_config, model.config, tokenizer):
        value = getattr(source, "eos_token_id", None)
        found += value if isinstance(value, list) else [value] if value is not None else []
    return found
