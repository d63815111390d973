"""Answers that members wrote, learned by heart by the real trainer."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution.services import verdict_give
from apps.integrations.tinker.client import open_sampler, open_training
from apps.integrations.tinker.types import SamplingWish
from apps.tenants.types import SYSTEM
from apps.trainer import DEMO_MODEL
from apps.training.connecting import trainer_get
from apps.training.selectors.jobs import step_list
from tests.factories import make_turn
from tests.trainer.test_rollouts import train
from tests.training.factories import make_policy, make_trainer

WANTED = "k"
ASKED = [{"role": "user", "content": "Ready?"}]


@pytest.fixture
def policy(tenant, trainer, key):
    upstream = make_trainer(tenant.id, base_url=f"{trainer.url}/oai/api/v1", api_key=key)
    return make_policy(
        tenant.id,
        upstream=upstream,
        base_model=DEMO_MODEL,
        rank=8,
        source="experts",
        loss="cross_entropy",
        learning_rate=1e-2,
        groups_per_step=1,
    )


def test_a_policy_comes_to_say_what_members_wrote(tenant, policy, settings):
    settings.METACLAW_TRAINING_SLICE_SECONDS = 3600
    for _ in range(40):
        turn = make_turn(tenant.id, messages=ASKED)
        verdict_give(
            tenant_id=tenant.id,
            actor=SYSTEM,
            turn_id=turn.id,
            value=-1,
            comment="",
            correction=WANTED,
        )

    steps = train(policy, steps=40)

    assert steps[-1].metrics["nll"] < steps[0].metrics["nll"] / 4
    connection = trainer_get(tenant_id=tenant.id, upstream_id=policy.upstream_id)
    with open_sampler(connection, base_model=DEMO_MODEL, path=steps[-1].sampler_path) as sampler:
        renderer = sampler.renderer()
        found = sampler.sample(renderer.prompt(ASKED), 40, SamplingWish(max_tokens=8, seed=1))
    said = [renderer.said(one.tokens).text for one in found]
    assert said.count(WANTED) >= 8


def test_the_writer_writes_what_the_model_would_have_to_sample(tenant, policy):
    connection = trainer_get(tenant_id=tenant.id, upstream_id=policy.upstream_id)
    said = {"role": "assistant", "content": WANTED}

    with open_training(connection, base_model=DEMO_MODEL, rank=4) as training:
        writer, context = training.writer(), training.context
    answer = writer.answer(ASKED, [], said)

    assert writer.said(answer).text == WANTED
    # With its end mark, which is to be learned as well.
    assert len(answer) == len(WANTED) + 1
    assert context is not None
    with tenant_tx(tenant.id):
        assert not step_list(tenant_id=tenant.id, job_id=policy.id).exists()
