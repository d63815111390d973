"""Sampling: how it ends, what it draws from, and what it says of its own probabilities."""

import numpy as np
import pytest
import tinker
from tinker import types

from apps.trainer import DEMO_MODEL
from tests.trainer.process import TrainerProcess
from tests.trainer.sdk import WAIT, datum, learn, new_model, params, prompt_of, service


@pytest.fixture
def base(client):
    return client.create_sampling_client(base_model=DEMO_MODEL).result(timeout=WAIT)


def one(sampler, prompt=None, **values):
    sampled = sampler.sample(prompt or prompt_of(), 1, params(**values)).result(timeout=WAIT)
    return sampled.sequences[0]


def test_a_seed_repeats_and_samples_differ(base):
    first = base.sample(prompt_of(), 3, params(seed=11)).result(timeout=WAIT).sequences
    again = base.sample(prompt_of(), 3, params(seed=11)).result(timeout=WAIT).sequences
    other = base.sample(prompt_of(), 3, params(seed=12)).result(timeout=WAIT).sequences

    assert [list(s.tokens) for s in first] == [list(s.tokens) for s in again]
    assert len({tuple(s.tokens) for s in [*first, *other]}) == 6
    assert len({s.sequence_id for s in first}) == 3


def test_it_ends_at_the_length_or_at_a_stop_token(base):
    full = one(base, seed=1)
    stop = int(full.tokens[5])
    stopped = one(base, seed=1, stop=[stop])

    assert (len(full.tokens), full.stop_reason) == (16, "length")
    assert stopped.stop_reason == "stop"
    assert list(stopped.tokens) == list(full.tokens[: list(full.tokens).index(stop) + 1])


def test_it_ends_at_a_stop_text_even_across_tokens(client):
    model = new_model(client)
    tokenizer = model.get_tokenizer()
    sampler = model.save_weights_and_get_sampling_client().result(timeout=WAIT)
    full = one(sampler, seed=2, max_tokens=40)
    ascii_run = next(
        tokenizer.decode([int(a), int(b)])
        for a, b in zip(full.tokens, full.tokens[1:], strict=False)
        if "\ufffd" not in tokenizer.decode([int(a), int(b)])
    )

    stopped = one(sampler, seed=2, max_tokens=40, stop=[ascii_run])

    assert stopped.stop_reason == "stop"
    assert ascii_run in tokenizer.decode(list(map(int, stopped.tokens)))
    assert len(stopped.tokens) < 40


def test_greedy_top_k_and_top_p_narrow_the_choice(base):
    greedy = [tuple(one(base, temperature=0.0, seed=i).tokens) for i in range(3)]
    single = [tuple(one(base, top_k=1, seed=i).tokens) for i in range(3)]
    narrow = [tuple(one(base, top_p=1e-6, seed=i).tokens) for i in range(3)]
    free = {tuple(one(base, seed=i).tokens) for i in range(3)}

    assert len({*greedy, *single, *narrow}) == 1
    assert len(free) == 3


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_logprobs_are_those_of_the_policy_at_its_temperature(client, temperature):
    """Measured: one token drawn many times comes as often as its log-probability says."""
    sampler = client.create_sampling_client(base_model=DEMO_MODEL).result(timeout=WAIT)
    asked = params(max_tokens=1, seed=4, temperature=temperature)
    drawn = sampler.sample(prompt_of(), 1_000, asked).result(timeout=WAIT).sequences
    share, said = {}, {}
    for sequence in drawn:
        token = int(sequence.tokens[0])
        share[token] = share.get(token, 0) + 1 / len(drawn)
        said[token] = float(np.exp(sequence.logprobs[0]))

    def gap(temperature):
        """Between the two likeliest first tokens."""
        asked = params(max_tokens=1, temperature=temperature)
        answer = sampler.sample(prompt_of(), 1, asked, topk_sample_logprobs=2).result(timeout=WAIT)
        best, second = answer.sequences[0].topk_logprobs_np.logprobs[0]
        return float(best - second)

    assert gap(temperature) == pytest.approx(gap(1.0) / temperature, rel=1e-3)
    common = max(share, key=share.get)
    assert share[common] == pytest.approx(said[common], abs=0.06)
    assert sum(said.values()) <= 1.001


def test_training_and_sampling_agree_after_training_too(client):
    model = new_model(client)
    learn(model, "cispo", steps=3)
    sampler = model.save_weights_and_get_sampling_client().result(timeout=WAIT)
    prompt = prompt_of()
    answers = sampler.sample(prompt, 8, params(max_tokens=24)).result(timeout=WAIT).sequences

    output = model.forward(
        [datum(prompt.to_ints(), a.tokens, weights=[1.0] * len(a.tokens)) for a in answers],
        "cross_entropy",
    ).result(timeout=WAIT)
    trained = [row["logprobs"].to_numpy()[prompt.length - 1 :] for row in output.loss_fn_outputs]
    for answer, row in zip(answers, trained, strict=True):
        whole = types.ModelInput.from_ints([*prompt.to_ints(), *map(int, answer.tokens)])
        scored = sampler.compute_logprobs(whole).result(timeout=WAIT)
        assert scored[0] is None
        assert np.abs(row - answer.logprobs).max() < 1e-4
        assert np.abs(row - np.array(scored[prompt.length :])).max() < 1e-4


def test_the_prompt_can_be_scored_in_every_way(base):
    prompt = prompt_of()
    length = prompt.length
    targets = np.full((length - 1, 2), -1)
    targets[3] = [7, prompt.to_ints()[4]]

    plain = base.compute_logprobs(prompt).result(timeout=WAIT)
    tail = base.compute_logprobs(prompt, prompt_logprobs_last_n=2).result(timeout=WAIT)
    sampled = base.sample(
        prompt,
        2,
        params(max_tokens=2),
        include_prompt_logprobs=True,
        topk_prompt_logprobs=3,
        topk_sample_logprobs=4,
        target_prompt_logprobs=types.TensorData.from_numpy(targets),
    ).result(timeout=WAIT)

    assert len(plain) == length
    assert tail[:-2] == [None] * (length - 2)
    assert tail[-2:] == pytest.approx(plain[-2:])
    assert sampled.prompt_logprobs[1:] == pytest.approx(plain[1:])
    found = sampled.target_prompt_logprobs.to_numpy()
    assert found[3, 1] == pytest.approx(plain[4], abs=1e-5)
    assert found[0].tolist() == [0.0, 0.0]
    best = sampled.sequences[0].topk_logprobs_np.logprobs
    assert best.shape == (2, 4)
    assert (np.diff(best, axis=1) <= 0).all()


def test_many_at_once_come_out_as_they_would_alone(base):
    prompts = [types.ModelInput.from_ints(list(range(1, 3 + i))) for i in range(12)]
    alone = [one(base, prompt, seed=i) for i, prompt in enumerate(prompts)]

    together = [base.sample(prompt, 1, params(seed=i)) for i, prompt in enumerate(prompts)]
    answers = [promise.result(timeout=WAIT).sequences[0] for promise in together]

    assert [list(a.tokens) for a in answers] == [list(a.tokens) for a in alone]
    for a, b in zip(answers, alone, strict=True):
        assert np.abs(np.array(a.logprobs) - np.array(b.logprobs)).max() < 1e-4


def test_mistakes_are_told(base):
    for values, says in (
        ({"max_tokens": 0}, "max_tokens"),
        ({"temperature": -1.0}, "temperature"),
        ({"top_p": 0.0}, "top_p"),
        ({"stop": [99_999]}, "stop"),
    ):
        with pytest.raises(tinker.BadRequestError, match=says):
            one(base, **values)
    with pytest.raises(tinker.BadRequestError, match="context is 4096"):
        one(base, types.ModelInput.from_ints([1] * 5_000))
    with pytest.raises(tinker.BadRequestError, match="empty"):
        one(base, types.ModelInput.from_ints([]))


def test_more_adapters_than_fit_in_memory_take_turns(tmp_path):
    process = TrainerProcess(tmp_path / "data", "--adapters", "2")
    key = process.key("ours")
    process.start()
    client = service(process.url, key)
    try:
        models = [new_model(client, seed=i) for i in range(4)]
        for model in models:
            learn(model, "cispo", steps=1)
        samplers = [
            model.save_weights_and_get_sampling_client().result(timeout=WAIT) for model in models
        ]
        first = [list(one(sampler, seed=1).tokens) for sampler in samplers]
        for model in models:
            learn(model, "cispo", steps=1)
        again = [list(one(sampler, seed=1).tokens) for sampler in samplers]

        assert first == again
    finally:
        client.close("success").result(timeout=WAIT)
        process.stop()
