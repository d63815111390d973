"""Many who say something of one turn at the same time: everything counts, and counts once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.jobs.models import Job
from apps.skills.models import SkillStat
from apps.tenants.types import Actor
from apps.trajectories.models import Score, Turn
from tests.factories import TenantFactory, make_skill, make_turn

VOICES = 12


@pytest.mark.usefixtures("committed_db")
def test_nothing_that_is_said_at_the_same_time_is_lost():
    tenant = TenantFactory()
    version = make_skill(tenant.id).live_version
    turn = make_turn(tenant.id, skills=[(version.id, "iso-dates", 1)])

    def say(n: int) -> None:
        actor = Actor("key", f"k-{n}", f"key {n}")
        try:
            # Three of four are against it, and each of them changes their mind once.
            for value in (1, -1) if n % 4 else (-1, 1):
                services.feedback_give(
                    tenant_id=tenant.id, actor=actor, turn_id=turn.id, value=value, comment=""
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(say, range(VOICES)))

    with tenant_tx(tenant.id):
        row = Turn.objects.for_tenant(tenant.id).get(id=turn.id)
        values = Score.objects.for_tenant(tenant.id).values_list("value", flat=True)
        stats = SkillStat.objects.for_tenant(tenant.id).values_list("passed", "failed")
        learning = Job.objects.for_tenant(tenant.id).filter(kind=services.EVOLVE_KIND)
        found = row.score, round(row.reward or 0, 3), sorted(values), list(stats), learning.count()
    quarter = VOICES // 4
    assert found == (-1, -0.5, [-1] * 3 * quarter + [1] * quarter, [(0, 1)], 1)
