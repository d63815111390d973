"""Turns that were played to train a policy: nobody learns a skill from them."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.services import turn_score
from apps.jobs.models import Job
from apps.skills import selectors as skills
from apps.trajectories.models import Turn
from apps.trajectories.selectors import passing_turns, replayable_turns, traffic_overview
from tests.factories import make_run, make_skill, make_turn
from tests.fakes import FakeModel

FAILED = {"vote": -1, "rationale": "No."}


@pytest.mark.parametrize("is_rollout, follows", [(False, 1), (True, 0)])
def test_what_a_judge_says_of_them_has_no_consequence_for_skills(tenant, is_rollout, follows):
    skill = make_skill(tenant.id)
    version = (skill.live_version_id, skill.slug, 1)
    turn = make_turn(tenant.id, skills=[version], is_rollout=is_rollout)

    turn_score(
        run=make_run(tenant.id), turn_id=turn.id, model=FakeModel(FAILED), is_simulated=False
    )

    with tenant_tx(tenant.id):
        assert Turn.objects.for_tenant(tenant.id).get(id=turn.id).reward == -1
        kinds = Job.objects.for_tenant(tenant.id).values_list("kind", flat=True)
        assert sum(kind.startswith("evolution.") for kind in kinds) == follows
        (row,) = skills.skill_list(tenant_id=tenant.id)
        assert row.failed == follows


def test_they_are_neither_traffic_nor_examples(tenant):
    make_turn(tenant.id, score=1, is_rollout=True)
    real = make_turn(tenant.id, score=1)

    with tenant_tx(tenant.id):
        since = now() - timedelta(hours=1)
        assert traffic_overview(tenant_id=tenant.id, at=now()).total == 1
        assert [one.turn_id for one in passing_turns(tenant_id=tenant.id, limit=9)] == [real.id]
        again = replayable_turns(tenant_id=tenant.id, score=1, since=since, limit=9)
        assert [one.turn_id for one in again] == [real.id]
