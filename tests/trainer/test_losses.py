"""The formulas against numbers worked out by hand, the optimizer against torch's own."""

import math

import pytest
import torch

from apps.trainer.errors import RequestFailed
from apps.trainer.training.adapter import Adapter
from apps.trainer.training.losses import loss_named
from apps.trainer.training.optimizer import AdamParams, take_step

# Two tokens: one twice as likely as when it was sampled, one half as likely.
NOW = [math.log(0.4), math.log(0.1)]
THEN = [math.log(0.2), math.log(0.2)]


def loss_of(name: str, advantages: list[float], **config: float) -> tuple[float, list[float]]:
    loss = loss_named(name)
    now = torch.tensor(NOW, requires_grad=True)
    given = {"logprobs": torch.tensor(THEN), "advantages": torch.tensor(advantages)}
    value = loss.formula(now, given, loss.settings(config))
    value.backward()
    return float(value.detach()), now.grad.tolist()


def test_cross_entropy_is_a_weighted_sum():
    loss = loss_named("cross_entropy")
    value = loss.formula(torch.tensor(NOW), {"weights": torch.tensor([1.0, 2.0])}, {})

    assert float(value) == pytest.approx(-(NOW[0] + 2 * NOW[1]))


@pytest.mark.parametrize(
    "name, advantages, config, value, gradient",
    [
        ("importance_sampling", [1.0, -1.0], {}, -(2 - 0.5), [-2.0, 0.5]),
        # Good and already likelier: clipped, no pull. Bad and already rarer: clipped, no push.
        ("ppo", [1.0, -1.0], {}, -(1.2 - 0.8), [0.0, 0.0]),
        # The other way round the bound does not protect.
        ("ppo", [-1.0, 1.0], {}, -(-2 + 0.5), [2.0, -0.5]),
        ("ppo", [1.0, -1.0], {"clip_high_threshold": 3.0}, -(2 - 0.8), [-2.0, 0.0]),
        ("cispo", [1.0, -1.0], {}, -(2 * NOW[0] - 0.5 * NOW[1]), [-2.0, 0.5]),
        (
            "cispo",
            [1.0, -1.0],
            {"clip_low_threshold": 0.8, "clip_high_threshold": 1.2},
            -(1.2 * NOW[0] - 0.8 * NOW[1]),
            [-1.2, 0.8],
        ),
        (
            "dro",
            [1.0, -1.0],
            {"beta": 0.5},
            -(NOW[0] - NOW[1] - 0.25 * 2 * math.log(2) ** 2),
            [-1 + 0.5 * math.log(2), 1 - 0.5 * math.log(2)],
        ),
    ],
)
def test_the_policy_losses_by_hand(name, advantages, config, value, gradient):
    found, slope = loss_of(name, advantages, **config)

    assert found == pytest.approx(value, rel=1e-5)
    assert slope == pytest.approx(gradient, abs=1e-5)


def test_what_is_not_known_is_said():
    with pytest.raises(RequestFailed, match="known: cross_entropy, importance_sampling"):
        loss_named("gspo")
    with pytest.raises(RequestFailed, match="known: beta"):
        loss_named("dro").settings({"gamma": 1.0})
    with pytest.raises(RequestFailed, match="finite number"):
        loss_named("dro").settings({"beta": "much"})


def small_adapter() -> Adapter:
    torch.manual_seed(0)
    return Adapter(rank=2, matrices={"a": (torch.randn(2, 5), torch.randn(4, 2))}).learns()


@pytest.mark.parametrize(
    "params",
    [
        AdamParams(learning_rate=0.1),
        AdamParams(learning_rate=0.1, weight_decay=0.3, beta1=0.5, beta2=0.7, eps=1e-3),
        AdamParams(learning_rate=0.1, grad_clip_norm=0.5),
    ],
)
def test_steps_are_those_of_torchs_adamw(params):
    adapter = small_adapter()
    theirs = [p.detach().clone().requires_grad_() for p in adapter.parameters().values()]
    optimizer = torch.optim.AdamW(
        theirs,
        lr=params.learning_rate,
        betas=(params.beta1, params.beta2),
        eps=params.eps,
        weight_decay=params.weight_decay,
    )

    for i in range(5):
        generator = torch.Generator().manual_seed(i)
        for ours, other in zip(adapter.parameters().values(), theirs, strict=True):
            ours.grad = torch.randn(ours.shape, generator=generator)
            other.grad = ours.grad.clone()
        norm = torch.nn.utils.clip_grad_norm_(theirs, params.grad_clip_norm or float("inf"))
        metrics = take_step(adapter, params)
        optimizer.step()
        assert metrics["unclipped_grad_l2:mean"] == pytest.approx(float(norm), rel=1e-5)

    for ours, other in zip(adapter.parameters().values(), theirs, strict=True):
        assert torch.allclose(ours, other, atol=1e-5)
        assert ours.grad is None


def test_gradients_that_are_no_numbers_change_nothing():
    adapter = small_adapter()
    before = [p.detach().clone() for p in adapter.parameters().values()]
    for parameter in adapter.parameters().values():
        parameter.grad = torch.full(parameter.shape, float("inf"))

    with pytest.raises(RequestFailed, match="not finite"):
        take_step(adapter, AdamParams())

    assert adapter.step == 0
    for ours, other in zip(adapter.parameters().values(), before, strict=True):
        assert torch.equal(ours, other)


def test_an_adapter_comes_back_from_its_tensors():
    adapter = small_adapter()
    for parameter in adapter.parameters().values():
        parameter.grad = torch.ones(parameter.shape)
    take_step(adapter, AdamParams())

    again = Adapter.of(
        adapter.tensors(with_optimizer=True), rank=2, step=1, device=torch.device("cpu")
    )

    assert again.memory.keys() == adapter.memory.keys()
    for name, tensor in adapter.tensors(with_optimizer=True).items():
        assert torch.equal(tensor, again.tensors(with_optimizer=True)[name])
