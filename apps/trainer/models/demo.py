"""The local demo model: tiny, random, made here at the first start, and able to learn.

It knows nothing. Its use is that every step of training and serving can be tried, and tested,
within seconds and without a download.
"""

import secrets
import shutil
from pathlib import Path

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

from apps.trainer.models.demo_tokenizer import END, PAD, TURN_END, VOCABULARY, demo_tokenizer

_SEED = 20_260_101
_CONTEXT = 4_096
# With the usual small output layer nothing is learned in reasonable time: gradients reach the
# inner layers through it.
_HEAD_SCALE = 10.0


def ensure_demo(folder: Path) -> Path:
    """The folder of the demo model, made if it is not there."""
    if (folder / "config.json").exists():
        return folder
    partial = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.part")
    tokenizer = demo_tokenizer()
    tokenizer.save_pretrained(partial)
    _model(tokenizer.convert_tokens_to_ids).save_pretrained(partial)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return folder


def _model(token_id: object) -> Qwen3ForCausalLM:
    assert callable(token_id)
    config = Qwen3Config(
        vocab_size=VOCABULARY,
        hidden_size=64,
        intermediate_size=192,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=_CONTEXT,
        tie_word_embeddings=False,
        initializer_range=0.02,
        eos_token_id=[token_id(TURN_END), token_id(END)],
        pad_token_id=token_id(PAD),
        bos_token_id=None,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        model = Qwen3ForCausalLM(config)
    with torch.no_grad():
        model.lm_head.weight.mul_(_HEAD_SCALE)
    model.generation_config.eos_token_id = config.eos_token_id
    return model
