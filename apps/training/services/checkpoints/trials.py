"""Looking at the checkpoints on trial, and doing what the numbers say."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from apps.core.clock import now
from apps.core.said import say, together
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.tenants.types import SYSTEM
from apps.training.models import Checkpoint, CheckpointSession, CheckpointTrial
from apps.training.selectors import checkpoints as selectors
from apps.training.services.checkpoints.comparing import Finding, finding
from apps.training.services.checkpoints.routing import route_write
from apps.training.services.checkpoints.rows import announce, checkpoint_locked, checkpoint_set
from apps.training.services.checkpoints.serving import promote, take_back
from apps.trajectories import selectors as turns
from apps.trajectories.months import made_at
from apps.trajectories.selectors import SessionResult

TRIAL_KIND: Final = "training.trial"
# So long the judge may take; what is not scored by then is left out.
_PATIENCE = timedelta(minutes=15)
# So many sessions are settled at once.
_AT_ONCE = 400
# So late a turn may be recorded.
_LATE = timedelta(hours=6)
_SERVES_NOBODY = say(
    "trial_serves_nobody", "It serves nobody now; promote it by hand if you want it."
)
_FIELDS = ["settled_at", "reward", "turns", "failed_requests"]


def trials_sweep() -> None:
    """Have every running trial looked at. For several times a minute."""
    for tenant_id, trial_id in selectors.trials_running():
        job_enqueue(
            tenant_id=tenant_id,
            kind=TRIAL_KIND,
            payload={"trial_id": str(trial_id)},
            dedupe_key=str(trial_id),
        )


def trial_look(*, run: JobRun, trial_id: UUID) -> None:
    """Settle what is over, and end the trial if that decides it. Safe to run again."""
    with run.effect():
        rows = CheckpointTrial.objects.for_tenant(run.tenant_id).filter(id=trial_id)
        trial = rows.first()
        if trial is None:
            return
        # The policy first, as everybody who changes what serves.
        checkpoint = checkpoint_locked(tenant_id=run.tenant_id, checkpoint_id=trial.checkpoint_id)
        if not rows.filter(status=CheckpointTrial.Status.RUNNING).exists():
            return
        _note_new(trial)
        if not _settle_some(trial):
            return
        found = finding(trial, selectors.trial_sessions(trial=trial))
        rows.update(result=found.result)
        if found.status:
            _end(trial, checkpoint, found)
        else:
            announce(checkpoint)


def _end(trial: CheckpointTrial, checkpoint: Checkpoint, found: Finding) -> None:
    rows = CheckpointTrial.objects.for_tenant(trial.tenant_id).filter(id=trial.id)
    rows.update(status=found.status, note=found.note, ended_at=now())
    if found.status == CheckpointTrial.Status.ROLLED_BACK:
        note = together(say("trial_rolled_back", "Rolled back by itself."), found.note)
        take_back(checkpoint, actor=SYSTEM, status=Checkpoint.Status.REJECTED, note=note)
    elif trial.kind == CheckpointTrial.Kind.WATCH:
        announce(checkpoint)
    elif found.status == CheckpointTrial.Status.PROMOTED:
        why = together(say("promoted_by_itself", "Promoted by itself."), found.note)
        promote(checkpoint, actor=SYSTEM, why=why)
    else:
        serving = selectors.serving_checkpoint(policy=checkpoint.policy)
        route_write(checkpoint.policy, actor=SYSTEM, serving=serving)
        note = together(found.note, _SERVES_NOBODY)
        checkpoint_set(checkpoint, status=Checkpoint.Status.PASSED, note=note)


def _note_new(trial: CheckpointTrial) -> None:
    """The sessions that began since the trial did count from their first answer on."""
    is_canary = trial.kind == CheckpointTrial.Kind.CANARY
    paths = [trial.candidate_path, *([trial.baseline_path] if is_canary else [])]
    found = turns.sessions_served(
        tenant_id=trial.tenant_id,
        model=trial.route_model,
        served_models=paths,
        since=_not_looked_at_since(trial),
    )
    of = CheckpointSession.Arm
    CheckpointSession.objects.bulk_create(
        [
            CheckpointSession(
                tenant_id=trial.tenant_id,
                trial=trial,
                session_id=one.session_id,
                first_turn_id=one.first_turn_id,
                arm=of.CANDIDATE if one.served_model == trial.candidate_path else of.BASELINE,
            )
            for one in found
        ],
        ignore_conflicts=True,
    )


def _not_looked_at_since(trial: CheckpointTrial) -> datetime:
    """From then on sessions may be new: all before were seen, even if their turns were late."""
    rows = CheckpointSession.objects.for_tenant(trial.tenant_id).filter(trial=trial)
    newest = rows.order_by("-first_turn_id").values_list("first_turn_id", flat=True).first()
    if newest is None:
        return trial.created_at
    return max(trial.created_at, made_at(newest) - _LATE)


def _settle_some(trial: CheckpointTrial) -> int:
    """Note how the sessions went that are over; answers with how many are new.

    What was noted once is never looked at again: a test that may be looked at all the time must
    not have its past changed.
    """
    waiting = CheckpointSession.objects.for_tenant(trial.tenant_id).filter(
        trial=trial, settled_at=None
    )
    rows = {row.session_id: row for row in waiting.order_by("id")[:_AT_ONCE]}
    results = turns.session_results(
        tenant_id=trial.tenant_id,
        since=[(row.session_id, row.first_turn_id) for row in rows.values()],
    )
    settled = [_settled(rows[one.session_id], one) for one in results if _is_over(one)]
    CheckpointSession.objects.for_tenant(trial.tenant_id).bulk_update(settled, _FIELDS)
    return len(settled)


def _is_over(result: SessionResult) -> bool:
    if result.closed_at is None:
        return False
    return not result.unscored or now() - result.closed_at > _PATIENCE


def _settled(row: CheckpointSession, result: SessionResult) -> CheckpointSession:
    row.settled_at = now()
    row.reward = None if result.score is None else (result.score + 1) / 2
    row.turns = result.turns
    row.failed_requests = result.failed_requests
    return row
