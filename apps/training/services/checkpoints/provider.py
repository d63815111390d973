"""What the trainer keeps of a workspace: is it still there, and letting it go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from apps.core.clock import now
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.checkpoints import (
    Kept,
    checkpoint_delete,
    checkpoint_keep,
    checkpoints_of_run,
)
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import TrainerConnection
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.tenants.types import Actor
from apps.training.connecting import trainer_get
from apps.training.errors import CheckpointState, PolicyInvalid
from apps.training.models import Checkpoint
from apps.training.selectors import checkpoints as selectors
from apps.training.services.checkpoints.rows import audit, checkpoint_locked, checkpoint_set
from apps.training.services.checkpoints.serving import lose

CHECK_KIND: Final = "training.check_checkpoints"
DELETE_KIND: Final = "training.delete_checkpoint"
_GO_ON = say("checkpoint_go_on", "Train on from an earlier one; what served before serves.")
_IN_USE = (Checkpoint.Status.SERVING, Checkpoint.Status.CANARY)

Find = Callable[[TrainerConnection, str], dict[str, Kept]]
Delete = Callable[[TrainerConnection, str], bool]


@dataclass(frozen=True, slots=True)
class LetGo:
    """What became of a workspace's checkpoints at its trainers."""

    gone: int
    left: int
    why: str = ""
    # What is left may go later: somebody could not be reached.
    is_passing: bool = False


def checkpoints_sweep() -> None:
    """Have every policy's checkpoints looked for at their provider. For once a day."""
    for tenant_id, policy_id in selectors.policies_kept_somewhere():
        checkpoints_check_later(tenant_id=tenant_id, policy_id=policy_id)


def checkpoints_check_later(*, tenant_id: UUID, policy_id: UUID) -> None:
    job_enqueue(
        tenant_id=tenant_id,
        kind=CHECK_KIND,
        payload={"policy_id": str(policy_id)},
        dedupe_key=str(policy_id),
    )


def checkpoints_check(*, run: JobRun, policy_id: UUID, find: Find | None = None) -> None:
    """Look for a policy's checkpoints where they are kept; what is gone there is gone here.

    What serves is kept without an end. Raises TrainerFailed: a provider that does not answer
    has lost nothing.
    """
    tenant_id = run.tenant_id
    with tenant_tx(tenant_id):
        kept = selectors.checkpoints_kept(tenant_id=tenant_id, policy_id=policy_id)
    if not kept:
        return
    connection = trainer_get(tenant_id=tenant_id, upstream_id=kept[0].policy.upstream_id)
    for path in {one.sampler_path for one in kept}:
        found = (find or checkpoints_of_run)(connection, path)
        one = next(one for one in kept if one.sampler_path == path)
        there = found.get(path)
        if there is not None and there.expires_at is not None and one.status in _IN_USE:
            checkpoint_keep(connection, path)
            there = Kept(path, there.size_bytes, None)
        with run.effect():
            _note(tenant_id, one.id, there)


def checkpoint_check(*, tenant_id: UUID, checkpoint_id: UUID, find: Find | None = None) -> None:
    """Make sure that it is there before it is to serve. No transaction may be open.

    Raises CheckpointState if the provider does not have it (it is ``gone`` then), NotFound. What
    a provider that does not answer has is found out by those who ask it: the fallback stands in.
    """
    with tenant_tx(tenant_id):
        checkpoint = selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
    if checkpoint.status == Checkpoint.Status.GONE:
        return
    try:
        connection = trainer_get(tenant_id=tenant_id, upstream_id=checkpoint.policy.upstream_id)
        found = (find or checkpoints_of_run)(connection, checkpoint.sampler_path)
    except (TrainerFailed, PolicyInvalid):
        return
    with tenant_tx(tenant_id):
        _note(tenant_id, checkpoint_id, found.get(checkpoint.sampler_path))
    if checkpoint.sampler_path not in found:
        raise CheckpointState(
            say("checkpoint_gone", "The provider does not have this checkpoint any more.")
        )


def checkpoint_delete_at_provider(
    *, tenant_id: UUID, actor: Actor, checkpoint_id: UUID
) -> Checkpoint:
    """Have the provider let it go, in the background; it cannot serve or be trained on from now.

    Raises NotFound, and CheckpointState while it answers anybody.
    """
    with tenant_tx(tenant_id):
        checkpoint = checkpoint_locked(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
        if checkpoint.status in _IN_USE:
            raise CheckpointState(say("checkpoint_roll_back", "It serves: roll back first."))
        if selectors.is_trained_on(checkpoint=checkpoint):
            raise CheckpointState(
                say(
                    "checkpoint_trained_on",
                    "A job trains on from it: wait for that, or cancel it.",
                )
            )
        if checkpoint.status != Checkpoint.Status.GONE:
            audit(checkpoint, actor, "checkpoint.deleted")
            note = say("checkpoint_deleted", "Deleted by {who}.", who=actor.label)
            checkpoint_set(checkpoint, status=Checkpoint.Status.GONE, note=note)
            job_enqueue(
                tenant_id=tenant_id,
                kind=DELETE_KIND,
                payload={"checkpoint_id": str(checkpoint.id)},
                queue="slow",
                dedupe_key=str(checkpoint.id),
            )
        return selectors.checkpoint_get(tenant_id=tenant_id, checkpoint_id=checkpoint_id)


def checkpoint_let_go(
    *, run: JobRun, checkpoint_id: UUID, delete: Delete = checkpoint_delete
) -> None:
    """Delete both of its paths at the provider. Safe to run again. Raises TrainerFailed."""
    with tenant_tx(run.tenant_id):
        found = selectors.checkpoint_get(tenant_id=run.tenant_id, checkpoint_id=checkpoint_id)
    connection = trainer_get(tenant_id=run.tenant_id, upstream_id=found.policy.upstream_id)
    for path in (found.sampler_path, found.state_path):
        delete(connection, path)


def workspace_let_go(*, tenant_id: UUID, delete: Delete = checkpoint_delete) -> LetGo:
    """Delete all that trainers keep of a workspace. Safe to run again: what is gone counts.

    No transaction may be open. A trainer that cannot be asked leaves its part, and says why.
    """
    with tenant_tx(tenant_id):
        kept = selectors.paths_kept(tenant_id=tenant_id)
    gone, left, why, is_passing = 0, 0, "", False
    for upstream_id, paths in kept.items():
        for at, path in enumerate(paths):
            try:
                delete(trainer_get(tenant_id=tenant_id, upstream_id=upstream_id), path)
            except (TrainerFailed, PolicyInvalid) as exc:
                left += len(paths) - at
                why = exc.detail
                is_passing |= isinstance(exc, TrainerFailed) and not exc.permanent
                break
            gone += 1
    return LetGo(gone, left, why, is_passing)


def _note(tenant_id: UUID, checkpoint_id: UUID, there: Kept | None) -> None:
    checkpoint = checkpoint_locked(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
    if checkpoint.status == Checkpoint.Status.GONE:
        return
    if there is None:
        expired = checkpoint.expires_at is not None and checkpoint.expires_at <= now()
        why = (
            say("checkpoint_expired", "Its time at the provider is over.")
            if expired
            else say("checkpoint_lost", "The provider lost it.")
        )
        lose(checkpoint, note=together(why, _GO_ON))
        return
    Checkpoint.objects.for_tenant(tenant_id).filter(id=checkpoint_id).update(
        seen_at=now(), expires_at=there.expires_at, size_bytes=there.size_bytes
    )
