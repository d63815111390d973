"""What the trainer keeps, asked for by hand; and a gate on real weights."""

from contextlib import AbstractContextManager
from typing import Any

import pytest

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.checkpoints import (
    checkpoint_alive,
    checkpoint_delete,
    checkpoint_keep,
    checkpoints_of_run,
)
from apps.integrations.tinker.client import open_sampler
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import Sampler, TrainerConnection
from apps.tenants.types import SYSTEM
from apps.trainer import DEMO_MODEL
from apps.training.selectors.checkpoints import gate_get
from apps.training.services import checkpoints as services
from apps.training.services.checkpoints.asking import Marked
from tests.factories import make_run, make_turn, make_upstream
from tests.trainer.sdk import WAIT, imitation, new_model
from tests.training.factories import make_checkpoint, make_policy


@pytest.fixture
def connection(trainer, key, settings) -> TrainerConnection:
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = True
    return TrainerConnection(trainer.url, key)


def saved(client: Any, name: str, *, ttl: int | None = None) -> tuple[str, str]:
    """State and sampler paths of an adapter that has learned a sentence."""
    from tinker import types

    model = new_model(client)
    for _ in range(15):
        passed = model.forward_backward(imitation(), "cross_entropy")
        stepped = model.optim_step(types.AdamParams(learning_rate=2e-2))
        passed.result(timeout=WAIT)
        stepped.result(timeout=WAIT)
    state = model.save_state(name, ttl_seconds=ttl).result(timeout=WAIT).path
    sampler = model.save_weights_for_sampler(name, ttl_seconds=ttl).result(timeout=WAIT).path
    return state, sampler


def test_what_is_kept_is_found_kept_on_and_let_go(client, connection, other_key, trainer):
    state, sampler = saved(client, "kept", ttl=7200)
    others = TrainerConnection(trainer.url, other_key)

    before = checkpoints_of_run(connection, sampler)
    kept = [checkpoint_keep(connection, path) for path in (state, sampler)]
    after = checkpoints_of_run(connection, sampler)
    of_others = checkpoint_alive(others, sampler), checkpoint_delete(others, sampler)
    gone = [checkpoint_delete(connection, path) for path in (state, sampler, sampler)]

    assert before[sampler].expires_at is not None
    assert (before[state].size_bytes or 0) > 0
    assert kept == [True, True]
    assert after[sampler].expires_at is None
    assert of_others == (False, False)
    assert gone == [True, True, False]
    assert not checkpoint_alive(connection, sampler)


def test_a_path_that_is_none_is_never_sent(connection):
    for path in ("tinker://../x/y", "https://example.com", "tinker://run/weights", ""):
        with pytest.raises(TrainerFailed):
            checkpoint_delete(connection, path)


def test_a_wrong_key_is_said_to_be_one(connection):
    wrong = TrainerConnection(connection.base_url, "tml-nobody-has-this")

    with pytest.raises(TrainerFailed) as failure:
        checkpoint_alive(wrong, "tinker://run/weights/one")

    assert failure.value.reason == "key_refused"


def test_a_gate_on_real_weights(tenant, client, connection, trainer, key):
    state, sampler = saved(client, "gated")
    upstream = make_upstream(
        tenant.id, name="trainer", kind="tinker", base_url=trainer.url, api_key=key, model=""
    )
    make_upstream(tenant.id, name="judge", uses=["judge"])
    policy = make_policy(
        tenant.id, upstream=upstream, base_model=DEMO_MODEL, max_tokens=12, gate_prompts=8
    )
    candidate = make_checkpoint(policy, state_path=state, sampler_path=sampler)
    for number in range(8):
        make_turn(tenant.id, messages=[{"role": "user", "content": f"Question {number}?"}])
    gate = services.gate_start(tenant_id=tenant.id, actor=SYSTEM, checkpoint_id=candidate.id)

    def opened(path: str) -> AbstractContextManager[Sampler]:
        return open_sampler(connection, base_model=DEMO_MODEL, path=path)

    services.gate_run(
        run=make_run(tenant.id),
        gate_id=gate.id,
        open_sampler=opened,
        mark=lambda prompt, answer: Marked(0.5),
    )

    with tenant_tx(tenant.id):
        found = gate_get(tenant_id=tenant.id, gate_id=gate.id)
    by_code = {one["code"]: one for one in found.result["checks"]}
    assert found.status == "passed", found.note
    # All are worth the same, but for an answer without a word: now and then there is one.
    assert found.result["pairs"] == 8
    assert abs(found.result["difference"]) < 0.4
    assert found.checkpoint.status == "passed"
    # The base model guesses among its tokens; the adapter is surer of what it says.
    assert by_code["collapse"]["candidate"] < by_code["collapse"]["baseline"]
