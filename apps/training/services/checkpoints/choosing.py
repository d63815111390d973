"""Which prompts a checkpoint is tried on: such as it cannot have learned from."""

import random
from datetime import timedelta
from uuid import UUID

from apps.core.clock import now
from apps.training.held_out import is_held_out
from apps.training.models import Checkpoint, GateCase, TrainingPolicy
from apps.training.selectors.checkpoints import prompts_trained
from apps.trajectories import selectors as turns

_LOOK_BACK = timedelta(days=60)
_LATELY = timedelta(days=7)
# Looked at for each prompt that is wanted: many are the same words again, or not held out.
_TIMES = 20


def heldout_cases(checkpoint: Checkpoint) -> list[GateCase]:
    """Tasks that are held out, where the policy learns from tasks; otherwise recorded turns that
    taught no skill and trained no weights, the latest of each user's words. Where these are asked
    anew for training, those of them that never are."""
    policy = checkpoint.policy
    if policy.source == TrainingPolicy.Source.TASKS:
        return [GateCase(task_id=task_id) for task_id in _tasks(policy)]
    found = _turns(policy, since=_LOOK_BACK)
    return [GateCase(turn_id=turn_id) for turn_id in found[: policy.gate_prompts]]


def shadow_cases(checkpoint: Checkpoint, *, served_model: str) -> list[GateCase]:
    """What was asked lately and answered by what serves now."""
    policy = checkpoint.policy
    if not policy.route_model or policy.source == TrainingPolicy.Source.TASKS:
        return []
    found = _turns(policy, since=_LATELY, served_model=served_model)
    known = GateCase.objects.for_tenant(policy.tenant_id).filter(
        gate__checkpoint=checkpoint, gate__stage="heldout", turn_id__in=found
    )
    tried = set(known.values_list("turn_id", flat=True))
    left = [turn_id for turn_id in found if turn_id not in tried]
    return [GateCase(turn_id=turn_id) for turn_id in left[: policy.gate_prompts]]


def _tasks(policy: TrainingPolicy) -> list[str]:
    tasks = policy.task_set.tasks if policy.task_set else []
    names = [str(one["task_id"]) for one in tasks if is_held_out(str(one["task_id"]))]
    # The same ones every time, whatever their order in the file.
    random.Random(policy.id.int).shuffle(names)  # noqa: S311  # an order, not a secret
    return names[: policy.gate_prompts]


def _turns(policy: TrainingPolicy, *, since: timedelta, served_model: str = "") -> list[UUID]:
    found = turns.turns_unused(
        tenant_id=policy.tenant_id,
        since=now() - since,
        limit=_TIMES * policy.gate_prompts,
        agent=policy.agent,
        served_model=served_model,
    )
    trained = prompts_trained(
        tenant_id=policy.tenant_id, hashes={turn.asked_hash for turn in found if turn.asked_hash}
    )
    is_split = policy.source == TrainingPolicy.Source.PROMPTS
    latest: dict[str, UUID] = {}
    for turn in found:
        if is_split and not is_held_out(turn.user_text):
            continue
        if turn.asked_hash not in trained:
            latest.setdefault(turn.user_text, turn.turn_id)
    return list(latest.values())
