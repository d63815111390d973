"""From recorded turns to a policy that answers them better, on the real trainer."""

import re

import pytest

from apps.core.tenancy import tenant_tx
from apps.trainer import DEMO_MODEL
from apps.training.held_out import is_held_out
from apps.training.models import Checkpoint, Rollout, RolloutEpisode
from apps.training.services.checkpoints.choosing import heldout_cases
from apps.training.services.rollouts import stepping
from apps.trajectories.models import Turn
from apps.trajectories.services import scores_put
from apps.trajectories.types import GivenScore
from tests.factories import make_turn
from tests.trainer.test_rollouts import train
from tests.training.factories import make_policy, make_trainer

# As in the test with tasks: answers are of all kinds of characters, and these are good.
GOOD = re.compile("[a-m ]")
ASKED = [f"Say something ({n})." for n in range(24)]


@pytest.fixture(autouse=True)
def judge(monkeypatch):
    """A judge who likes some characters better than others, and is there at once."""

    def decide(tenant_id, group_ids):
        with tenant_tx(tenant_id):
            turns = Turn.objects.for_tenant(tenant_id).filter(is_rollout=True, reward=None)
            given = [
                GivenScore(
                    turn_id=turn.id,
                    kind="checker",
                    value=len(GOOD.findall(turn.response_text)) / max(1, len(turn.response_text)),
                    confidence=1,
                    at=turn.finished_at,
                    source="share",
                    author="judge of the test",
                    rationale="",
                )
                for turn in turns
            ]
            scores_put(tenant_id=tenant_id, scores=given)

    monkeypatch.setattr(stepping, "_await_judge", decide)


def test_recorded_prompts_teach_what_the_judge_rewards(tenant, trainer, key, settings):
    settings.METACLAW_TRAINING_SLICE_SECONDS = 3600
    for text in ASKED:
        make_turn(tenant.id, messages=[{"role": "user", "content": text}])
    policy = make_policy(
        tenant.id,
        upstream=make_trainer(tenant.id, base_url=f"{trainer.url}/oai/api/v1", api_key=key),
        base_model=DEMO_MODEL,
        rank=8,
        source="prompts",
        learning_rate=5e-3,
        groups_per_step=4,
        group_size=16,
        max_tokens=16,
    )

    steps = train(policy, steps=20)

    rewards = [step.metrics["reward"] for step in steps]
    assert max(rewards[-3:]) > 0.65 > 0.55 > rewards[0]
    assert max(step.metrics["logprob_distance_max"] for step in steps) < 1e-4
    with tenant_tx(tenant.id):
        rollouts = Rollout.objects.for_tenant(tenant.id)
        assert set(rollouts.values_list("origin", flat=True)) == {"resample"}
        # Each step with the weights that the step before it had left.
        assert len(set(rollouts.values_list("checkpoint", flat=True))) == rollouts.count()
        episodes = RolloutEpisode.objects.for_tenant(tenant.id).values_list("task_id", flat=True)
        asked = Turn.objects.for_tenant(tenant.id).filter(id__in=set(episodes))
        words = set(asked.values_list("user_text", flat=True))
        # All that may be asked, in turn, and nothing that is kept for the gate.
        assert words == {text for text in ASKED if not is_held_out(text)}
        checkpoint = Checkpoint.objects.for_tenant(tenant.id).filter(policy=policy).first()
        if checkpoint is not None:
            held_out = {str(case.turn_id) for case in heldout_cases(checkpoint)}
            assert held_out
            assert not held_out & set(episodes)
