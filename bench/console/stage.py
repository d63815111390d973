"""What the pages are measured with: many turns, and a job of many steps."""

import json
import os
import time
from pathlib import Path
from uuid import UUID

from apps.core.bulk import rows_insert
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.tenants.selectors import tenant_find
from apps.training.models import TrainingStep
from apps.trajectories.models import Turn
from bench.search import filling
from bench.search.texts import Texts
from tests.training.factories import make_policy, make_training_job


class Stage:
    """A running stack, the sign-in of its owner, and rows in its first workspace."""

    def __init__(self) -> None:
        told = json.loads((Path(os.environ["METACLAW_VAR_DIR"]) / "first-run.json").read_text())
        self.url: str = told["console_url"]
        self.email: str = told["email"]
        self.password: str = told["password"]
        self.slug: str = told["tenant"]
        tenant = tenant_find(slug=self.slug)
        assert tenant is not None
        self.tenant_id: UUID = tenant.id
        self._job_id: UUID | None = None
        self._template: Turn | None = None

    def fill(self, turns: int, steps: int) -> UUID:
        """The policy whose job has so many steps."""
        filling.fill(self.tenant_id, turns, Texts(), vectors=None, seed=7)
        policy = make_policy(self.tenant_id, "bench")
        job = make_training_job(policy, status="paused", planned_steps=steps)
        self._job_id = job.id
        with tenant_tx(self.tenant_id):
            rows_insert(TrainingStep, [self._step(number) for number in range(1, steps + 1)])
        return policy.id

    def another_turn(self, said: str) -> float:
        """Stores a turn that says this; returns when it was committed, in seconds since 1970."""
        with tenant_tx(self.tenant_id):
            latest = Turn.objects.for_tenant(self.tenant_id).order_by("-id").first()
            assert latest is not None
            latest.pk = uuid7()
            latest.started_at = latest.finished_at = now()
            latest.preview = latest.user_text = said
            latest.save(force_insert=True)
            event = Changed("trajectories.turn", str(latest.pk), "complete")
            publish_on_commit(self.tenant_id, event)
        return time.time()

    def another_step(self, number: int) -> None:
        with tenant_tx(self.tenant_id):
            rows_insert(TrainingStep, [self._step(number)])
            publish_on_commit(self.tenant_id, Changed("training.job", str(self._job_id), "paused"))

    def _step(self, number: int) -> dict[str, object]:
        at = now()
        share = number % 100 / 100
        metrics = {
            "reward": share, "reward_min": share / 2, "reward_max": (1 + share) / 2,
            "kl": 0.01 * share, "entropy": 1 - share, "clip_fraction": share / 10,
            "flat_groups": number % 3, "groups": 8, "ratio": 1.0, "loss": 0.5 - share / 4,
        }  # fmt: skip
        return {
            "id": uuid7(), "tenant_id": self.tenant_id, "created_at": at,
            "job_id": self._job_id, "number": number, "status": "confirmed", "batch_id": None,
            "sends": 1, "from_path": "", "state_path": "bench://s", "sampler_path": "bench://w",
            "metrics": metrics, "tokens": 900, "cost_micros": 5, "sent_at": at,
            "confirmed_at": at, "sampled_tokens": 0,
        }  # fmt: skip
