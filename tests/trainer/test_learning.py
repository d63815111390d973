"""The demo model learns, by every loss, through the real SDK."""

import numpy as np
import pytest
from tinker import types

from tests.trainer.sdk import WAIT, imitation, learn, new_model, params, prompt_of


@pytest.mark.parametrize("loss", ["importance_sampling", "ppo", "cispo"])
def test_a_reward_of_a_fifth_becomes_nearly_one(client, loss):
    learned = learn(new_model(client), loss, steps=25)

    assert np.mean(learned.rewards[:2]) < 0.35
    assert np.mean(learned.rewards[-3:]) > 0.9
    assert learned.distance < 1e-4


def test_dro_learns_more_slowly(client):
    learned = learn(new_model(client), "dro", steps=20)

    assert np.mean(learned.rewards[-3:]) > np.mean(learned.rewards[:3]) + 0.1


def test_imitation_is_learned_and_said_again(client):
    model = new_model(client)
    losses = []
    for _ in range(30):
        passed = model.forward_backward(imitation(), "cross_entropy")
        model.optim_step(types.AdamParams(learning_rate=1e-2)).result(timeout=WAIT)
        losses.append(passed.result(timeout=WAIT).metrics["loss:sum"])
    sampler = model.save_weights_and_get_sampling_client().result(timeout=WAIT)
    said = sampler.sample(prompt_of("hell"), 1, params(temperature=0.0, max_tokens=10)).result()

    assert losses[-1] < losses[0] / 10
    assert bytes(map(int, said.sequences[0].tokens)) == b"o world, t"


@pytest.mark.parametrize("part", ["train_mlp", "train_attn", "train_unembed"])
def test_each_part_can_be_trained_alone(client, part):
    flags = {name: name == part for name in ("train_mlp", "train_attn", "train_unembed")}
    model = new_model(client, **flags)

    first = model.forward_backward(imitation(), "cross_entropy").result(timeout=WAIT)
    model.optim_step(types.AdamParams(learning_rate=1e-2)).result(timeout=WAIT)
    second = model.forward(imitation(), "cross_entropy").result(timeout=WAIT)

    assert second.metrics["loss:sum"] < first.metrics["loss:sum"]


def test_gradients_add_up_until_the_step_and_forward_adds_none(client):
    once, twice = new_model(client, seed=7), new_model(client, seed=7)
    data = imitation()

    once.forward_backward([*data, *data], "cross_entropy").result(timeout=WAIT)
    twice.forward_backward(data, "cross_entropy")
    twice.forward(data, "cross_entropy")
    twice.forward_backward(data, "cross_entropy").result(timeout=WAIT)
    norms = [
        model.optim_step(types.AdamParams()).result(timeout=WAIT).metrics["unclipped_grad_l2:mean"]
        for model in (once, twice)
    ]

    assert norms[0] > 0
    assert norms[0] == pytest.approx(norms[1], rel=1e-4)


def test_a_large_request_comes_in_parts_and_out_in_one(client):
    model = new_model(client)
    data = imitation() * 2_500

    output = model.forward(data, "cross_entropy").result(timeout=WAIT)
    one = model.forward(imitation(), "cross_entropy").result(timeout=WAIT)

    assert len(output.loss_fn_outputs) == 2_500
    assert output.metrics["loss:sum"] == pytest.approx(2_500 * one.metrics["loss:sum"], rel=1e-3)


def test_several_targets_per_position_are_weighed(client):
    model = new_model(client)
    tokens = prompt_of("hello").to_ints()
    targets = np.array([[token, 3] for token in tokens[1:]])
    weights = np.full(targets.shape, 0.5, dtype=np.float32)
    row = types.Datum(
        model_input=types.ModelInput.from_ints(tokens[:-1]),
        loss_fn_inputs={"target_tokens": targets, "weights": weights},
    )

    output = model.forward([row], "cross_entropy").result(timeout=WAIT)

    logprobs = output.loss_fn_outputs[0]["logprobs"].to_numpy()
    assert logprobs.shape == targets.shape
    assert output.metrics["loss:sum"] == pytest.approx(-0.5 * logprobs.sum(), rel=1e-5)
