"""Recorded prompts, asked again as they were."""

import json

from apps.core.tenancy import tenant_tx
from apps.training.models import RolloutEpisode, Sample
from apps.training.services import rollouts as services
from tests.factories import make_turn
from tests.training.factories import make_policy
from tests.training.fake_sampler import FakeSampler

PICTURE = {
    "model": "m",
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is it?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
            ],
        }
    ],
}


def rows(model, tenant, **filters):
    with tenant_tx(tenant.id):
        return list(model.objects.for_tenant(tenant.id).filter(**filters))


def test_recorded_prompts_are_asked_again(tenant):
    asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "When is it?"}]
    turn = make_turn(tenant.id, body=json.dumps({"model": "m", "messages": asked}).encode())
    other = make_turn(
        tenant.id,
        dialect="anthropic",
        body=json.dumps(
            {
                "model": "m",
                "max_tokens": 9,
                "system": [{"type": "text", "text": "Be kind."}],
                "messages": [{"role": "user", "content": [{"type": "text", "text": "Why?"}]}],
            }
        ).encode(),
    )
    pictures = make_turn(tenant.id, body=json.dumps(PICTURE).encode())
    policy, sampler = make_policy(tenant.id), FakeSampler("At nine.")
    rollout = services.resample_create(
        tenant_id=tenant.id,
        policy_id=policy.id,
        turn_ids=[turn.id, other.id, pictures.id],
        count=3,
    )

    found = services.rollout_play(
        tenant_id=tenant.id, rollout_id=rollout.id, sampler=sampler, is_wanted=lambda: True
    )

    assert (found.played, found.failed) == (6, 3)
    assert sorted(sampler.asked, key=str) == [
        (asked, 3),
        (
            [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Why?"}],
            3,
        ),
    ]
    samples = rows(Sample, tenant)
    assert ({one.origin for one in samples}, len({one.group_id for one in samples})) == (
        {"resample"},
        2,
    )
    errors = {one.error for one in rows(RolloutEpisode, tenant, status="failed")}
    assert errors == {
        "The prompt cannot be asked as it was. It holds pictures or files, not words alone."
    }
