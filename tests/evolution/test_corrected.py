"""Answers that a member wrote anew: evidence for the evolver, or left to training."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.services import verdict_give
from apps.tenants.types import SYSTEM
from apps.trajectories.selectors import failures_open, sessions_ended
from apps.trajectories.services import session_close
from tests.factories import make_turn


def decide(turn, correction=""):
    verdict_give(
        tenant_id=turn.tenant_id,
        actor=SYSTEM,
        turn_id=turn.id,
        value=-1,
        comment="",
        correction=correction,
    )
    with tenant_tx(turn.tenant_id):
        session_close(tenant_id=turn.tenant_id, session_id=turn.session_id)


@pytest.mark.parametrize("find", [failures_open, sessions_ended])
def test_corrected_answers_are_left_to_training_where_that_is_wanted(tenant, find):
    failed, corrected = make_turn(tenant.id), make_turn(tenant.id)
    decide(failed)
    decide(corrected, "On 2026-03-10.")
    asked = {"since": now() - timedelta(days=1), "attempts_below": 2, "without": (), "limit": 9}

    with tenant_tx(tenant.id):
        usual = find(tenant_id=tenant.id, **asked)
        spared = find(tenant_id=tenant.id, **asked, with_corrected=False)

    assert {turn.turn_id for turn in usual} == {failed.id, corrected.id}
    assert {turn.turn_id for turn in spared} == {failed.id}
