"""Why a job stands where it stands, and when it goes on: written down for people and programs."""

from datetime import timedelta
from uuid import UUID

from apps.core.clock import now
from apps.integrations.tinker.errors import TrainerFailed
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.training.connecting import queue_for
from apps.training.errors import JudgeLate
from apps.training.models import TrainingJob
from apps.training.selectors.jobs import job_get
from apps.training.services.jobs import ADVANCE_KIND, job_end_early

Status = TrainingJob.Status
_AGAIN_AFTER = (5.0, 15.0, 60.0, 300.0)
# A trainer in trouble is tried again for so long; then a person has to look.
_PATIENCE = timedelta(hours=6)
_BY_A_PERSON = frozenset({"key_missing", "key_refused", "unknown_model", "gone", "refused"})


class Stop(Exception):
    """The job stands still for now, or for good."""

    def __init__(self, status: str, reason: str = "", note: str = "") -> None:
        super().__init__(note)
        self.status, self.reason, self.note = status, reason, note


def job_trouble(run: JobRun, job_id: UUID, exc: TrainerFailed | JudgeLate) -> None:
    """A trainer that cannot, or a judge: wait and try again, or wait for a person."""
    with run.effect():
        job = job_get(tenant_id=run.tenant_id, job_id=job_id)
        since = job.trouble_since or now()
        if exc.reason in _BY_A_PERSON or now() - since > _PATIENCE:
            # Whoever lets it go on gives the trainer its time anew.
            job_move(
                job,
                Status.PAUSED,
                reason=exc.reason,
                note=exc.detail,
                tries=0,
                trouble_since=None,
            )
            return
        wait = _AGAIN_AFTER[min(job.tries, len(_AGAIN_AFTER) - 1)]
        job_move(
            job,
            job.status,
            reason=exc.reason,
            note=exc.detail,
            trouble_since=since,
            tries=job.tries + 1,
        )
        job_again(run, job, after=timedelta(seconds=wait))


def job_stand(run: JobRun, job_id: UUID, stop: Stop) -> None:
    """Write down that the job stands, and why; one that is cancelled keeps its last weights."""
    with run.effect():
        job = job_get(tenant_id=run.tenant_id, job_id=job_id)
        if stop.status == Status.CANCELLED:
            job_end_early(job)
            return
        ended = {"ended_at": now()} if stop.status in TrainingJob.ENDED else {}
        job_move(job, stop.status, reason=stop.reason, note=stop.note, **ended)


def job_again(run: JobRun, job: TrainingJob, *, after: timedelta) -> None:
    """Have a worker go on with the job in a while; in the caller's transaction."""
    job_enqueue(
        tenant_id=run.tenant_id,
        kind=ADVANCE_KIND,
        payload={"job_id": str(job.id)},
        queue=queue_for(job.policy.upstream.kind),
        run_after=now() + after,
        dedupe_key=str(job.id),
    )


def job_move(job: TrainingJob, status: str, **values: object) -> None:
    """Change the job and tell browsers; in the caller's transaction."""
    TrainingJob.objects.for_tenant(job.tenant_id).filter(id=job.id).update(status=status, **values)
    job.status = status
    publish_on_commit(job.tenant_id, Changed("training.job", str(job.id), status))
