"""A checkpoint begins to answer people: some of them, or all."""

from datetime import timedelta

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.said import say
from apps.tenants.types import Actor
from apps.training.models import Checkpoint, CheckpointSession, CheckpointTrial
from apps.training.selectors import checkpoints as selectors
from apps.training.services.checkpoints.routing import route_write
from apps.training.services.checkpoints.rows import audit, checkpoint_set
from apps.trajectories import selectors as turns

SHARE = 0.1
ALPHA = 0.05
# Of sessions before a promotion, at most; with fewer than the least nothing can be said.
_WATCHED, _LEAST_WATCHED = 200, 10
_LOOK_BACK = timedelta(days=30)
_EVEN = 0.5


def canary_begin(checkpoint: Checkpoint, *, actor: Actor, share: float) -> CheckpointTrial:
    """Give it a share of the sessions; in a transaction that has locked the policy.

    Raises CannotServe.
    """
    policy = checkpoint.policy
    serving = selectors.serving_checkpoint(policy=policy)
    route_write(policy, actor=actor, serving=serving, canary=checkpoint, share=share)
    trial = _begun(
        checkpoint,
        kind=CheckpointTrial.Kind.CANARY,
        baseline=serving,
        share=share,
        sessions_max=policy.canary_sessions,
        label=actor.label,
    )
    audit(checkpoint, actor, "checkpoint.canary_started", f"in {share:.0%} of the sessions")
    note = say(
        "checkpoint_on_trial",
        "Serves {share:.0%} of the sessions since {since:%Y-%m-%d %H:%M} UTC.",
        share=share,
        since=now(),
    )
    checkpoint_set(checkpoint, status=Checkpoint.Status.CANARY, note=note)
    return trial


def watch_begin(
    checkpoint: Checkpoint, *, before: Checkpoint | None, label: str
) -> CheckpointTrial | None:
    """Watch a checkpoint that has just been promoted against the last sessions of what served
    before; None where those are too few."""
    policy = checkpoint.policy
    last = turns.sessions_served(
        tenant_id=checkpoint.tenant_id,
        model=policy.route_model,
        served_models=[before.sampler_path if before else policy.base_model],
        since=now() - _LOOK_BACK,
        until=now(),
    )[-min(_WATCHED, policy.canary_sessions) :]
    if len(last) < _LEAST_WATCHED:
        return None
    trial = _begun(
        checkpoint,
        kind=CheckpointTrial.Kind.WATCH,
        baseline=before,
        share=_EVEN,
        sessions_max=len(last),
        label=label,
    )
    CheckpointSession.objects.bulk_create(
        CheckpointSession(
            tenant_id=checkpoint.tenant_id,
            trial=trial,
            session_id=one.session_id,
            first_turn_id=one.first_turn_id,
            arm=CheckpointSession.Arm.BASELINE,
        )
        for one in last
    )
    return trial


def trial_stop(checkpoint: Checkpoint, status: str, note: str) -> None:
    """End what is being watched of the checkpoint, if anything."""
    rows = CheckpointTrial.objects.for_tenant(checkpoint.tenant_id).filter(checkpoint=checkpoint)
    rows.filter(status=CheckpointTrial.Status.RUNNING).update(
        status=status, note=note, ended_at=now()
    )


def _begun(
    checkpoint: Checkpoint,
    *,
    kind: str,
    baseline: Checkpoint | None,
    share: float,
    sessions_max: int,
    label: str,
) -> CheckpointTrial:
    policy = checkpoint.policy
    return CheckpointTrial.objects.create(
        id=uuid7(),
        tenant_id=checkpoint.tenant_id,
        checkpoint=checkpoint,
        kind=kind,
        candidate_path=checkpoint.sampler_path,
        baseline_path=baseline.sampler_path if baseline else policy.base_model,
        route_model=policy.route_model,
        share=share,
        alpha=ALPHA,
        sessions_max=sessions_max,
        started_by=label,
    )
