"""Setting up what is trained."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.core.errors import NotFound
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.connecting import client_for, trainer_of
from apps.training.errors import PolicyInUse, PolicyInvalid, PolicyTaken
from apps.training.models import TaskSet, TrainingPolicy
from apps.training.selectors.jobs import job_active, policy_get
from apps.upstreams.selectors import connection_of, upstream_get

_CLIPPED = frozenset({"ppo", "cispo"})


def policy_create(*, tenant_id: UUID, actor: Actor, name: str, **fields: Any) -> TrainingPolicy:
    """Raises PolicyInvalid and PolicyTaken. Ids in ``fields`` are of this workspace or NotFound."""
    with tenant_tx(tenant_id):
        row = TrainingPolicy(id=uuid7(), tenant_id=tenant_id, name=name, **fields)
        _save(row)
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="training_policy.created",
            subject=name,
            detail=f"{_whose(row)}: {row.base_model}, {row.mode}",
        )
        return policy_get(tenant_id=tenant_id, policy_id=row.id)


def policy_update(
    *, tenant_id: UUID, actor: Actor, policy_id: UUID, **fields: Any
) -> TrainingPolicy:
    """What is not named stays. A job under way goes on as it began."""
    with tenant_tx(tenant_id):
        row = policy_get(tenant_id=tenant_id, policy_id=policy_id)
        changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if not changed:
            return row
        has_history = row.checkpoints.exists()
        if has_history and {"base_model", "rank"} & changed.keys():
            english = (
                "This policy has checkpoints, which belong to its base model and rank. Make another"
                " policy."
            )
            raise PolicyInvalid.of("base_model", say("policy_has_checkpoints", english))
        # As people know it who read of the change.
        known_as, whose = row.name, _whose(row)
        for name, value in changed.items():
            setattr(row, name, value)
        _save(row)
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="training_policy.changed",
            subject=known_as,
            detail=f"{whose}: "
            + ", ".join(f"{name}: {value}" for name, value in sorted(changed.items())),
        )
        return policy_get(tenant_id=tenant_id, policy_id=policy_id)


def policy_delete(*, tenant_id: UUID, actor: Actor, policy_id: UUID) -> None:
    """Raises PolicyInUse while it has checkpoints that serve, or a job under way."""
    with tenant_tx(tenant_id):
        row = policy_get(tenant_id=tenant_id, policy_id=policy_id)
        if job_active(tenant_id=tenant_id, policy_id=policy_id) is not None:
            raise PolicyInUse(
                say("policy_job_under_way", "A job of this policy is under way: cancel it first.")
            )
        if row.checkpoints.filter(status__in=["serving", "canary"]).exists():
            raise PolicyInUse(
                say("policy_serves", "A checkpoint of this policy serves: retire it first.")
            )
        row.delete()
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="training_policy.deleted",
            subject=row.name,
            detail=_whose(row),
        )


def _whose(row: TrainingPolicy) -> str:
    return f"policy of {row.agent}" if row.agent else "the workspace's policy"


def _save(row: TrainingPolicy) -> None:
    _check_ids(row)
    _check_sense(row)
    try:
        row.clean_fields(exclude=_unchecked(row))
        with transaction.atomic():
            row.save()
    except ValidationError as exc:
        why = say("policy_impossible", "Some settings cannot be.")
        raise PolicyInvalid(why, fields=exc.message_dict) from exc
    except IntegrityError as exc:
        raise PolicyTaken(
            say("policy_taken", "There is a policy {name} already.", name=row.name)
        ) from exc
    publish_on_commit(row.tenant_id, Changed("training.policy", str(row.id), row.mode))


def _unchecked(row: TrainingPolicy) -> set[str]:
    """Keys of other rows, which are checked by hand, and what may be and is left out."""
    fields = row._meta.concrete_fields
    return {one.name for one in fields if one.is_relation or getattr(row, one.attname) is None}


def _check_ids(row: TrainingPolicy) -> None:
    """Keys of other tables are checked here: the wall between workspaces is not a constraint."""
    tenant_id = row.tenant_id
    connection = connection_of(upstream_get(tenant_id=tenant_id, upstream_id=row.upstream_id))
    trainer_of(connection)
    for other in (row.teacher_id, row.fallback_id):
        if other is not None:
            upstream_get(tenant_id=tenant_id, upstream_id=other)
    if row.task_set_id is not None:
        sets = TaskSet.objects.for_tenant(tenant_id)
        if not sets.filter(id=row.task_set_id).exists():
            raise NotFound


def _check_sense(row: TrainingPolicy) -> None:
    _check_teacher(row)
    imitates = row.source == TrainingPolicy.Source.EXPERTS
    if row.source == TrainingPolicy.Source.TASKS and row.task_set_id is None:
        missing = say("policy_no_task_set", "Learning from tasks takes a task set.")
        raise PolicyInvalid.of("task_set", missing)
    if not imitates and not row.has_rewards and not row.teacher_id:
        english = "Without rewards and without a teacher there is nothing to learn from."
        raise PolicyInvalid.of("has_rewards", say("policy_learns_nothing", english))
    if row.loss not in _CLIPPED and (row.clip_low is not None or row.clip_high is not None):
        english = "The loss {name} has no bounds: ppo and cispo have."
        raise PolicyInvalid.of("clip_low", say("policy_no_bounds", english, name=row.loss))
    if imitates and row.loss != TrainingPolicy.Loss.CROSS_ENTROPY:
        english = "{name} learns from rewards; cross_entropy imitates answers that are given."
        raise PolicyInvalid.of("loss", say("policy_wants_rewards", english, name=row.loss))
    if not imitates and row.loss == TrainingPolicy.Loss.CROSS_ENTROPY:
        english = (
            "cross_entropy imitates; importance_sampling, ppo, cispo and dro learn from rewards."
        )
        raise PolicyInvalid.of("loss", say("policy_imitates", english))


def _check_teacher(row: TrainingPolicy) -> None:
    if row.teacher_id is None:
        return
    if not row.teacher_model:
        wanted = say("policy_no_teacher_model", "Which model is the teacher?")
        raise PolicyInvalid.of("teacher_model", wanted)
    if not row.kl_coefficient:
        english = "A teacher without weight teaches nothing: above 0, and 1 is usual."
        raise PolicyInvalid.of("kl_coefficient", say("policy_no_weight", english))
    if row.source == TrainingPolicy.Source.EXPERTS:
        english = "Answers that members stand behind are imitated as they are, without a teacher."
        raise PolicyInvalid.of("teacher", say("policy_needs_no_teacher", english))


@dataclass(frozen=True, slots=True)
class PolicyCheck:
    """Whether a policy's trainer could begin; ``reason`` and ``detail`` where not."""

    is_ready: bool
    reason: str
    detail: str
    models: list[str]


def policy_check(*, tenant_id: UUID, policy_id: UUID) -> PolicyCheck:
    """Ask the trainer, within seconds. Never raises what the trainer did."""
    with tenant_tx(tenant_id):
        policy = policy_get(tenant_id=tenant_id, policy_id=policy_id)
        connection = trainer_of(connection_of(policy.upstream))
    try:
        models = [offer.model for offer in client_for(connection).capabilities(connection)]
    except TrainerFailed as exc:
        return PolicyCheck(is_ready=False, reason=exc.reason, detail=exc.detail, models=[])
    if policy.base_model not in models:
        detail = say(
            "trainer_lacks_model",
            "The trainer has no base model {model}.",
            model=policy.base_model,
        )
        return PolicyCheck(is_ready=False, reason="unknown_model", detail=detail, models=models)
    return PolicyCheck(is_ready=True, reason="", detail="", models=models)
