"""Workspaces with failing turns, and the reviewer who acts on what is proposed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from apps.core.errors import DomainError
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.models import Proposal, Replay
from apps.evolution.types import Reviewer
from apps.integrations.practice.tasks import FAMILIES
from apps.jobs.models import Job
from apps.tenants.services import tenant_create
from apps.tenants.types import SYSTEM, Actor
from apps.trajectories.services import turns_record
from apps.upstreams.services import upstream_create
from tests.factories import make_record

_SESSIONS = 6
_FAMILIES = 4
_OPEN = (Job.Status.QUEUED, Job.Status.RUNNING)
_REVIEWER = Reviewer(Actor("user", str(UUID(int=1)), "Ada"))


@dataclass(slots=True)
class Stage:
    """``url``: where the practice model listens."""

    url: str
    tenant_ids: list[UUID] = field(default_factory=list)
    # In which nothing is left to do.
    ended: set[UUID] = field(default_factory=set)

    def workspace(self) -> None:
        """One more workspace with failures of a few patterns, each in several sessions."""
        tenant_id = tenant_create(slug=f"kills-{uuid4().hex[:12]}", name="Kills").id
        upstream_create(
            tenant_id=tenant_id,
            actor=SYSTEM,
            name="practice",
            kind="practice",
            base_url=self.url,
            api_key="",
            model="practice-1",
            uses=["serve", "judge", "evolve"],
        )
        services.learning_policy_set(
            tenant_id=tenant_id, actor=SYSTEM, min_sessions=2, daily_runs=None
        )
        records = [
            make_record(
                tenant_id,
                messages=[{"role": "user", "content": family.wording(number)}],
                answer={"role": "assistant", "content": f"Sure, whatever. Number {number}."},
            )
            for family in FAMILIES[:_FAMILIES]
            for number in range(_SESSIONS)
        ]
        turns_record(tenant_id=tenant_id, records=records)
        self.tenant_ids.append(tenant_id)

    def review(self) -> None:
        """Replay what is proposed, and approve it when the replay is over."""
        services.replays_sweep()
        for tenant_id in self.tenant_ids:
            if tenant_id not in self.ended and not self._review(tenant_id):
                self.ended.add(tenant_id)

    @property
    def is_idle(self) -> bool:
        return len(self.ended) == len(self.tenant_ids)

    @property
    def standing(self) -> str:
        return f"{len(self.ended)} of {len(self.tenant_ids)} workspaces are done"

    def _review(self, tenant_id: UUID) -> bool:
        """Whether there is anything left to do, for workers or for the reviewer."""
        with tenant_tx(tenant_id):
            open_jobs = Job.objects.for_tenant(tenant_id).filter(status__in=_OPEN).exists()
            pending = list(Proposal.objects.for_tenant(tenant_id).filter(status="pending"))
            replays = {
                replay.proposal_id: replay
                for replay in Replay.objects.for_tenant(tenant_id).order_by("id")
            }
        for proposal in pending:
            replay = replays.get(proposal.id)
            if replay is None or replay.sha256 != proposal.sha256:
                _try(services.replay_start, proposal, actor=_REVIEWER.actor)
            elif replay.status != Replay.Status.RUNNING:
                hash_read = proposal.sha256
                _try(services.proposal_approve, proposal, reviewer=_REVIEWER, sha256=hash_read)
        return open_jobs or bool(pending)


def _try(service: Callable[..., object], proposal: Proposal, **fields: object) -> None:
    """What was proposed may have moved on meanwhile: then it is looked at the next time."""
    with suppress(DomainError):
        service(tenant_id=proposal.tenant_id, proposal_id=proposal.id, **fields)
