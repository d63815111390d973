"""Replays that nobody works on any more: ended with a sentence, so that another can be started."""

from typing import Final
from uuid import UUID

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.models import Replay
from apps.evolution.services.replay.running import REPLAY_KIND, replay_fail
from apps.jobs.selectors import is_job_alive

_GAVE_UP: Final = say(
    "replay_given_up",
    "Its job was given up: see Jobs for the reason. What was tried is kept; start another replay.",
)


def replays_sweep() -> int:
    """End replays whose job was given up; answers with how many. Safe to repeat."""
    return sum(_look(tenant_id, replay_id) for tenant_id, replay_id in selectors.replays_running())


def _look(tenant_id: UUID, replay_id: UUID) -> bool:
    with tenant_tx(tenant_id):
        # The last thing a job does is to end the replay: read in this order, none is missed.
        if is_job_alive(tenant_id=tenant_id, kind=REPLAY_KIND, dedupe_key=str(replay_id)):
            return False
        replay = selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)
        if replay.status != Replay.Status.RUNNING:
            return False
        replay_fail(tenant_id=tenant_id, replay_id=replay_id, reason=_GAVE_UP)
        return True
