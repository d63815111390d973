"""An evolver that is killed at any moment loses no pattern and proposes nothing twice (P10)."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution.models import Evidence, EvolutionRun, FailureCluster, Proposal
from apps.evolution.services import evolution_request
from apps.jobs.models import Job
from apps.tenants.services import tenant_create
from apps.trajectories.services import score_record, turns_record
from tests import database
from tests.factories import make_record, make_verdict

WORDS = """
    anchors barrels candles dolphins engines feathers glaciers hammers islands jackets
    kettles lanterns meadows needles orchards pebbles quarries rivers saddles tunnels
"""
TOPICS = WORDS.split()
KILLS = 25
ROOT = Path(__file__).parents[2]
NURSERY = """
import sys, uuid
import django
django.setup()
from tests.evolution.kill_evolver import main
main(uuid.UUID(sys.argv[1]), int(sys.argv[2]))
"""


def fail_twice(tenant_id, topic):
    """In two sessions: as many as a workspace asks for by default."""
    asked = [{"role": "user", "content": f"{topic} please"}]
    records = [make_record(tenant_id, messages=asked, session_id=uuid7()) for _ in range(2)]
    turns_record(tenant_id=tenant_id, records=records)
    with tenant_tx(tenant_id):
        for record in records:
            verdict = make_verdict(-1, f"{topic} {topic[::-1]}")
            score_record(tenant_id=tenant_id, turn_id=record.id, verdict=verdict)


def test_twenty_patterns_survive_twenty_five_kills(committed_db):
    tenant_id = tenant_create(slug="killed-evolver", name="Killed evolver").id
    for topic in TOPICS:
        fail_twice(tenant_id, topic)
    evolution_request(tenant_id=tenant_id)
    with tenant_tx(tenant_id):
        Job.objects.for_tenant(tenant_id).exclude(kind="evolution.learn").delete()
        Job.objects.for_tenant(tenant_id).update(queue="unheard", run_after="2026-01-01T00:00Z")

    done = subprocess.run(
        [sys.executable, "-c", NURSERY, str(tenant_id), str(KILLS)],
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
    with tenant_tx(tenant_id):
        proposals = Proposal.objects.for_tenant(tenant_id).values_list("slug", flat=True)
        clusters = FailureCluster.objects.for_tenant(tenant_id).values_list("state", flat=True)
        runs = EvolutionRun.objects.for_tenant(tenant_id).values_list("outcome", flat=True)
        evidence = Evidence.objects.for_tenant(tenant_id).values_list("turn_id", flat=True)
        jobs = Job.objects.for_tenant(tenant_id).values_list("status", flat=True)
        crashes = sum(Job.objects.for_tenant(tenant_id).values_list("crashes", flat=True))
        assert Counter(proposals) == dict.fromkeys(TOPICS, 1)
        assert Counter(clusters) == {"proposed": len(TOPICS)}
        assert Counter(runs) == {"proposed": len(TOPICS)}
        assert max(Counter(evidence).values()) == 1
        assert len(evidence) == 2 * len(TOPICS)
        assert set(jobs) == {"done"}
    assert crashes > 0  # it was a real test
