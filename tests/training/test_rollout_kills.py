"""Workers are killed (SIGKILL) while two of them play one rollout: every episode is there once."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from apps.core.tenancy import tenant_tx
from apps.training.models import Rollout, RolloutEpisode, Sample
from apps.training.services.rollouts import rollout_create
from apps.trajectories.models import Score, Turn
from tests import database
from tests.factories import TenantFactory
from tests.training.factories import make_policy, make_task_set

ROOT = Path(__file__).parents[2]
NURSERY = """
import sys, uuid
import django
django.setup()
from tests.training.rollout_worker import main
main(uuid.UUID(sys.argv[1]), uuid.UUID(sys.argv[2]), int(sys.argv[3]))
"""
KILLS, GROUPS, SIZE = 12, 60, 4


def test_every_episode_is_played_once(committed_db):
    tenant = TenantFactory()
    checker = {"kind": "equals", "value": "yes"}
    tasks = [
        {"task_id": f"t{n}", "instruction": "Say yes.", "checker": checker} for n in range(GROUPS)
    ]
    policy = make_policy(tenant.id, task_set=make_task_set(tenant.id, tasks=tasks))
    rollout = rollout_create(
        tenant_id=tenant.id, policy_id=policy.id, group_size=SIZE, concurrency=2
    )

    done = subprocess.run(
        [sys.executable, "-c", NURSERY, str(tenant.id), str(rollout.id), str(KILLS)],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "metaclaw_web.settings.test",
            "DATABASE_URL": database.url(),
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > KILLS // 3
    with tenant_tx(tenant.id):
        assert Rollout.objects.for_tenant(tenant.id).get().status == "done"
        episodes = list(RolloutEpisode.objects.for_tenant(tenant.id))
        turns = list(Turn.objects.for_tenant(tenant.id))
        samples = list(Sample.objects.for_tenant(tenant.id))
        scores = Score.objects.for_tenant(tenant.id).count()
    assert Counter(one.status for one in episodes) == {"played": GROUPS * SIZE}
    played = Counter((turn.tags["task"], turn.tags["member"]) for turn in turns)
    assert set(played.values()) == {1}
    assert len(turns) == len(samples) == scores == GROUPS * SIZE
    assert {one.id for one in turns} == {turn_id for one in episodes for turn_id in one.turn_ids}
    groups = Counter(sample.group_id for sample in samples)
    assert set(groups.values()) == {SIZE}
