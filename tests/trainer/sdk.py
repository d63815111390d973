"""The real SDK, and the small learning task that the tests share."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tinker
from tinker import types

from apps.trainer import DEMO_MODEL

WAIT = 120
# The task: say tokens of this range, which is a fifth of the vocabulary.
WANTED = range(100, 200)
GROUP, LENGTH = 16, 16


def service(url: str, key: str) -> tinker.ServiceClient:
    return tinker.ServiceClient(base_url=url, api_key=key)


def new_model(client: Any, *, rank: int = 8, seed: int = 1, **options: Any) -> Any:
    return client.create_lora_training_client(
        options.pop("base_model", DEMO_MODEL), rank=rank, seed=seed, **options
    ).result(timeout=WAIT)


def prompt_of(text: str = "hello world", model: Any = None) -> types.ModelInput:
    tokens = list(text.encode()) if model is None else model.get_tokenizer().encode(text)
    return types.ModelInput.from_ints(tokens)


def params(**values: Any) -> types.SamplingParams:
    return types.SamplingParams(**{"max_tokens": LENGTH, "temperature": 1.0, "stop": [], **values})


def datum(prompt: list[int], tokens: Any, **arrays: Any) -> types.Datum:
    """A row whose arrays are given for the sampled tokens and zero over the prompt."""
    full = [*prompt, *(int(token) for token in tokens)]
    before = [0.0] * (len(prompt) - 1)
    padded = {name: [*before, *map(float, values)] for name, values in arrays.items()}
    return types.Datum(
        model_input=types.ModelInput.from_ints(full[:-1]),
        loss_fn_inputs={"target_tokens": full[1:], **padded},
    )


def imitation(text: str = "hello world, this is it") -> list[types.Datum]:
    tokens = list(text.encode())
    return [datum(tokens[:4], tokens[4:], weights=[1.0] * (len(tokens) - 4))]


@dataclass
class Learned:
    rewards: list[float] = field(default_factory=list)
    # How far training's log-probabilities were from those of sampling, in the first step.
    distance: float = 0.0


def learn(model: Any, loss: str, *, steps: int, rate: float = 1e-2) -> Learned:
    """GRPO: groups of answers to one prompt, each rewarded by its share of wanted tokens."""
    learned = Learned()
    prompt = prompt_of()
    given = prompt.to_ints()
    for step in range(steps):
        sampler = model.save_weights_and_get_sampling_client().result(timeout=WAIT)
        sampled = sampler.sample(prompt, GROUP, params(seed=step)).result(timeout=WAIT)
        answers = sampled.sequences
        rewards = np.array([np.mean([t in WANTED for t in one.tokens]) for one in answers])
        advantages = (rewards - rewards.mean()) / (rewards.std() + 1e-6)
        data = [
            datum(given, one.tokens, logprobs=one.logprobs, advantages=[value] * len(one.tokens))
            for one, value in zip(answers, advantages, strict=True)
        ]
        passed = model.forward_backward(data, loss)
        stepped = model.optim_step(types.AdamParams(learning_rate=rate))
        output = passed.result(timeout=WAIT)
        stepped.result(timeout=WAIT)
        learned.rewards.append(float(rewards.mean()))
        if step == 0:
            learned.distance = max(
                float(np.abs(np.array(row["logprobs"].data)[len(given) - 1 :] - one.logprobs).max())
                for row, one in zip(output.loss_fn_outputs, answers, strict=True)
            )
    return learned
