"""Which checkpoint serves: promotion, canary, rollback, retirement, loss.

Every change is one transaction with the route, and in the audit log.
"""

from uuid import UUID

from apps.core.clock import now
from apps.core.said import Said, say, together
from apps.core.tenancy import tenant_tx
from apps.tenants.types import SYSTEM, Actor
from apps.training.errors import CheckpointState
from apps.training.models import Checkpoint, CheckpointTrial, TrainingPolicy
from apps.training.selectors import checkpoints as selectors
from apps.training.services.checkpoints.routing import route_write
from apps.training.services.checkpoints.rows import (
    audit,
    checkpoint_locked,
    checkpoint_set,
    policy_locked,
)
from apps.training.services.checkpoints.starting import (
    SHARE,
    canary_begin,
    trial_stop,
    watch_begin,
)

_READY = (Checkpoint.Status.PASSED, Checkpoint.Status.RETIRED)
_WHY_NOT = {
    Checkpoint.Status.CANDIDATE: say(
        "checkpoint_untried", "It was not tried yet: start its gate, or pass it by hand."
    ),
    Checkpoint.Status.REJECTED: say(
        "checkpoint_rejected", "Its gate rejected it: pass it by hand if you know better."
    ),
    Checkpoint.Status.GONE: say("checkpoint_gone", "The provider does not have it any more."),
}


def checkpoint_promote(*, tenant_id: UUID, actor: Actor, checkpoint_id: UUID) -> Checkpoint:
    """Let it answer every session. One that does already is left alone.

    Raises NotFound, CheckpointState, CannotServe.
    """
    with tenant_tx(tenant_id):
        checkpoint = checkpoint_locked(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
        if checkpoint.status != Checkpoint.Status.SERVING:
            _refuse_unready(checkpoint, Checkpoint.Status.CANARY)
            promote(
                checkpoint,
                actor=actor,
                why=say("promoted_by", "Promoted by {who}.", who=actor.label),
            )
        return selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)


def checkpoint_canary(
    *, tenant_id: UUID, actor: Actor, checkpoint_id: UUID, share: float | None = None
) -> Checkpoint:
    """Let it answer a share of the sessions, until the numbers or a person decide.

    Raises NotFound, CheckpointState, CannotServe.
    """
    with tenant_tx(tenant_id):
        checkpoint = checkpoint_locked(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
        _refuse_unready(checkpoint)
        other = selectors.canary_checkpoint(policy=checkpoint.policy)
        if other is not None:
            raise CheckpointState(
                say(
                    "checkpoint_other_on_trial",
                    "Step {step} is on trial right now: end that first.",
                    step=other.step,
                )
            )
        canary_begin(
            checkpoint, actor=actor, share=share or checkpoint.policy.canary_share or SHARE
        )
        return selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)


def checkpoint_rollback(
    *, tenant_id: UUID, actor: Actor, policy_id: UUID, why: str = ""
) -> Checkpoint:
    """Back to what served before: an earlier checkpoint, or the base model. A canary of the
    policy ends, too; without a serving checkpoint that is all. Answers with what was taken back.

    Raises NotFound, and CheckpointState where nothing serves.
    """
    with tenant_tx(tenant_id):
        policy = policy_locked(tenant_id=tenant_id, policy_id=policy_id)
        serving = selectors.serving_checkpoint(policy=policy)
        found = serving or selectors.canary_checkpoint(policy=policy)
        if found is None:
            raise CheckpointState(
                say("checkpoint_none_serves", "No checkpoint of this policy serves.")
            )
        checkpoint = selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=found.id)
        note = together(
            say("checkpoint_rolled_back", "Rolled back by {who}.", who=actor.label), why
        )
        take_back(checkpoint, actor=actor, status=Checkpoint.Status.RETIRED, note=note)
        return checkpoint


def checkpoint_retire(*, tenant_id: UUID, actor: Actor, checkpoint_id: UUID) -> Checkpoint:
    """Out of use; a canary ends. Raises NotFound, and CheckpointState for the serving one."""
    with tenant_tx(tenant_id):
        checkpoint = checkpoint_locked(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
        if checkpoint.status == Checkpoint.Status.SERVING:
            raise CheckpointState(
                say("checkpoint_serves", "It serves: roll back, or promote another one first.")
            )
        if checkpoint.status == Checkpoint.Status.GONE:
            raise CheckpointState(_WHY_NOT[Checkpoint.Status.GONE])
        note = say("checkpoint_retired", "Retired by {who}.", who=actor.label)
        if checkpoint.status == Checkpoint.Status.CANARY:
            take_back(checkpoint, actor=actor, status=Checkpoint.Status.RETIRED, note=note)
        elif checkpoint.status != Checkpoint.Status.RETIRED:
            audit(checkpoint, actor, "checkpoint.retired")
            checkpoint_set(checkpoint, status=Checkpoint.Status.RETIRED, note=note)
        return selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)


def promote(checkpoint: Checkpoint, *, actor: Actor, why: str) -> None:
    """In a transaction that has locked the policy."""
    policy = checkpoint.policy
    before = selectors.serving_checkpoint(policy=policy)
    canary = selectors.canary_checkpoint(policy=policy)
    route_write(policy, actor=actor, serving=checkpoint)
    if before is not None:
        trial_stop(before, CheckpointTrial.Status.STOPPED, _promoted(checkpoint))
        checkpoint_set(
            before,
            status=Checkpoint.Status.RETIRED,
            note=say(
                "checkpoint_replaced", "Step {step} serves in its place.", step=checkpoint.step
            ),
        )
    if canary is not None and canary.id != checkpoint.id:
        _end_canary(canary, _promoted(checkpoint))
    trial_stop(checkpoint, CheckpointTrial.Status.PROMOTED, why)
    audit(checkpoint, actor, "checkpoint.promoted", f"serves as {policy.route_model}. {why}")
    checkpoint_set(
        checkpoint,
        status=Checkpoint.Status.SERVING,
        served_at=now(),
        instead_of_id=before.id if before else None,
        note=together(
            say(
                "checkpoint_serves_as",
                "Serves as {model} since {since:%Y-%m-%d %H:%M} UTC.",
                model=policy.route_model,
                since=now(),
            ),
            why,
        ),
    )
    watch_begin(checkpoint, before=before, label=actor.label)


def take_back(checkpoint: Checkpoint, *, actor: Actor, status: str, note: str) -> None:
    """Let it answer nobody any more; in a transaction that has locked the policy.

    ``status``: what it is from now on. Of the serving one, what served before serves again.
    """
    policy = checkpoint.policy
    serving = selectors.serving_checkpoint(policy=policy)
    canary = selectors.canary_checkpoint(policy=policy)
    is_rejected = status == Checkpoint.Status.REJECTED
    of = CheckpointTrial.Status
    ended = of.ROLLED_BACK if is_rejected else of.STOPPED
    is_lost = status == Checkpoint.Status.GONE
    if serving is not None and checkpoint.id == serving.id:
        before = selectors.checkpoint_before(checkpoint=checkpoint)
        route_write(policy, actor=actor, serving=before, is_lost=is_lost)
        trial_stop(checkpoint, ended, note)
        checkpoint_set(checkpoint, status=status, note=note)
        if canary is not None:
            _end_canary(
                canary,
                together(say("canary_alone", "What it was compared with is gone."), note),
            )
        if before is not None:
            back = say(
                "checkpoint_serves_again",
                "Serves again as {model}: step {step} was taken back.",
                model=policy.route_model,
                step=checkpoint.step,
            )
            checkpoint_set(before, status=Checkpoint.Status.SERVING, served_at=now(), note=back)
        stands_in = f"step {before.step}" if before else _stand_in(policy, is_lost=is_lost)
        audit(checkpoint, actor, "checkpoint.rolled_back", f"{stands_in} serves again. {note}")
    else:
        route_write(policy, actor=actor, serving=serving)
        trial_stop(checkpoint, ended, note)
        checkpoint_set(checkpoint, status=status, note=note)
        audit(checkpoint, actor, "checkpoint.canary_ended", note)


def lose(checkpoint: Checkpoint, *, note: str) -> None:
    """The provider does not have it any more; in a transaction that has locked the policy."""
    if checkpoint.status in (Checkpoint.Status.SERVING, Checkpoint.Status.CANARY):
        take_back(checkpoint, actor=SYSTEM, status=Checkpoint.Status.GONE, note=note)
        return
    audit(checkpoint, SYSTEM, "checkpoint.gone", note)
    checkpoint_set(checkpoint, status=Checkpoint.Status.GONE, note=note)


def _promoted(checkpoint: Checkpoint) -> Said:
    return say("checkpoint_promoted", "Step {step} was promoted.", step=checkpoint.step)


def _stand_in(policy: TrainingPolicy, *, is_lost: bool) -> str:
    return "the fallback" if is_lost and policy.fallback_id else "the base model"


def _end_canary(canary: Checkpoint, note: str) -> None:
    trial_stop(canary, CheckpointTrial.Status.STOPPED, note)
    checkpoint_set(canary, status=Checkpoint.Status.PASSED, note=note)


def _refuse_unready(checkpoint: Checkpoint, *also: str) -> None:
    if checkpoint.status not in (*_READY, *also):
        why = _WHY_NOT.get(
            Checkpoint.Status(checkpoint.status),
            say("checkpoint_is", "It is {status}.", status=checkpoint.status),
        )
        raise CheckpointState(why)
