"""Any local model folder of Hugging Face's form can be trained, whatever its architecture."""

from pathlib import Path

import pytest
import tinker
import torch
from tinker import types
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from apps.trainer.models.demo_tokenizer import VOCABULARY, demo_tokenizer
from apps.trainer.models.lora import part_of
from tests.trainer.process import TrainerProcess
from tests.trainer.sdk import WAIT, imitation, learn, new_model, params, prompt_of, service


def model_folder(folder: Path, kind: str) -> Path:
    torch.manual_seed(1)
    if kind != "gpt2":
        config = LlamaConfig(
            vocab_size=VOCABULARY,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=4 if kind == "wide" else 2,
            tie_word_embeddings=True,
            max_position_embeddings=16_384 if kind == "wide" else 256,
        )
        model = LlamaForCausalLM(config)
    else:
        config = GPT2Config(vocab_size=VOCABULARY, n_embd=32, n_layer=2, n_head=4, n_positions=256)
        model = GPT2LMHeadModel(config)
    model.save_pretrained(folder)
    demo_tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("folders")
    options = []
    for kind in ("llama", "gpt2", "wide"):
        options += ["--model", f"our/{kind}={model_folder(root / kind, kind)}"]
    process = TrainerProcess(root / "data", *options)
    key = process.key("ours")
    process.start()
    client = service(process.url, key)
    yield client
    client.close("success").result(timeout=WAIT)
    process.stop()


@pytest.mark.parametrize("kind", ["llama", "gpt2"])
def test_training_and_sampling_agree_and_the_loss_falls(folders, kind):
    model = new_model(folders, base_model=f"our/{kind}")
    before = model.forward(imitation(), "cross_entropy").result(timeout=WAIT)

    learned = learn(model, "importance_sampling", steps=2)
    for _ in range(5):
        model.forward_backward(imitation(), "cross_entropy")
        model.optim_step(_adam())
    after = model.forward(imitation(), "cross_entropy").result(timeout=WAIT)

    assert learned.distance < 1e-4
    assert after.metrics["loss:sum"] < before.metrics["loss:sum"] * 0.9
    assert model.get_info().model_name == f"our/{kind}"


def test_more_than_fits_into_memory_is_refused(folders):
    sampler = folders.create_sampling_client(base_model="our/wide").result(timeout=WAIT)
    prompt = prompt_of()

    with pytest.raises(tinker.BadRequestError, match="1024 samples of up to 16384 tokens"):
        sampler.sample(prompt, 1_024, params(max_tokens=None)).result(timeout=WAIT)

    assert sampler.sample(prompt, 1, params(max_tokens=2)).result(timeout=WAIT).sequences


def _adam():
    return types.AdamParams(learning_rate=1e-2)


@pytest.mark.parametrize(
    "layer, part",
    [
        ("model.layers.0.self_attn.q_proj", "attention"),
        ("model.layers.0.mlp.down_proj", "mlp"),
        ("transformer.h.1.attn.c_attn", "attention"),
        ("transformer.h.1.mlp.c_fc", "mlp"),
        ("gpt_neox.layers.0.attention.dense", "attention"),
        ("lm_head", "unembed"),
        ("embed_out", "unembed"),
    ],
)
def test_layers_are_told_apart(layer, part):
    assert part_of(layer) == part
