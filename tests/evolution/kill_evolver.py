"""Workers that learn, for the kill test; started the way those of tests.jobs.kill_worker are."""

import json
import random
import time
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.evolution import tasks
from apps.integrations.llm.client import Completion
from tests.factories import lesson
from tests.jobs import kill_worker


class SlowEvolver:
    """Names every failure it is shown, and the skill after what was asked."""

    def complete(self, *, system: str, user: str) -> Completion:
        time.sleep(random.uniform(0, 0.05))
        failures = json.loads(user)["failures"]
        topic = failures[0]["messages"][-1]["content"].split()[0]
        ids = [UUID(failure["turn_id"]) for failure in failures]
        return Completion(json.dumps(lesson(*ids, slug=topic)), "slow-1", 10, 5)


def _model(run: Any, use: str) -> Any:
    return SlowEvolver(), SimpleNamespace(is_simulated=True, is_free=True)


def main(tenant_id: UUID, kills: int) -> None:
    settings.METACLAW_EVOLVE_WAIT_SECONDS = 0
    tasks._model = _model
    kill_worker.main(tenant_id, kills)
