"""A gate's beginning and its end, and passing a checkpoint by hand."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.jobs.selectors import is_job_alive
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.types import SYSTEM, Actor
from apps.training.errors import CheckpointState
from apps.training.models import Checkpoint, Gate, GateCase, TrainingJob, TrainingPolicy
from apps.training.selectors import checkpoints as selectors
from apps.training.services.checkpoints.choosing import heldout_cases, shadow_cases
from apps.training.services.checkpoints.rows import (
    announce,
    audit,
    checkpoint_locked,
    checkpoint_set,
)
from apps.training.services.checkpoints.starting import canary_begin
from apps.training.services.checkpoints.verdict import LEAST_PAIRS, Finding
from apps.upstreams.selectors import connection_find

GATE_KIND: Final = "training.gate"
_MAY_BE_TRIED = frozenset(
    {
        Checkpoint.Status.CANDIDATE,
        Checkpoint.Status.PASSED,
        Checkpoint.Status.REJECTED,
        Checkpoint.Status.RETIRED,
    }
)
_BY_HAND = say("gate_or_by_hand", "Or pass it by hand, which is recorded with your name.")
_IN_SHADOW = say("gate_in_shadow", "Now tried in the shadow of what serves.")
_GAVE_UP = say("gate_given_up", "The worker gave up on it; its job says why. Start the gate again.")


def gate_start(*, tenant_id: UUID, actor: Actor, checkpoint_id: UUID) -> Gate:
    """Try a checkpoint on prompts it did not learn from, in the background.

    Where that cannot be done the gate ends at once as ``error``, with a sentence that says what
    to do. Raises NotFound, and CheckpointState for one that serves, is gone or is being tried.
    """
    with tenant_tx(tenant_id):
        checkpoint = checkpoint_locked(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
        if checkpoint.status not in _MAY_BE_TRIED:
            raise CheckpointState(
                say(
                    "checkpoint_not_tried_so",
                    "A checkpoint that is {status} is not tried.",
                    status=checkpoint.status,
                )
            )
        if any(gate.status == Gate.Status.RUNNING for gate in checkpoint.gates.all()):
            raise CheckpointState(
                say("checkpoint_tried_already", "This checkpoint is being tried already.")
            )
        audit(checkpoint, actor, "checkpoint.gate_started")
        gate = _begun(checkpoint, Gate.Stage.HELDOUT, heldout_cases(checkpoint), actor.label)
        _refuse_impossible(gate)
        return selectors.gate_get(tenant_id=tenant_id, gate_id=gate.id)


def gate_pass(*, tenant_id: UUID, actor: Actor, checkpoint_id: UUID, why: str) -> Checkpoint:
    """A person says that it may serve, whatever gates said. Raises NotFound, CheckpointState."""
    with tenant_tx(tenant_id):
        checkpoint = checkpoint_locked(tenant_id=tenant_id, checkpoint_id=checkpoint_id)
        if checkpoint.status not in (Checkpoint.Status.CANDIDATE, Checkpoint.Status.REJECTED):
            raise CheckpointState(
                say(
                    "checkpoint_needs_no_passing",
                    "A checkpoint that is {status} needs no passing by hand.",
                    status=checkpoint.status,
                )
            )
        note = say("gate_by_hand", "Passed by hand by {who}: {why}", who=actor.label, why=why)
        Gate.objects.for_tenant(tenant_id).filter(
            checkpoint=checkpoint, status=Gate.Status.RUNNING
        ).update(status=Gate.Status.ERROR, reason="by_hand", note=note, ended_at=now())
        Gate.objects.create(
            tenant_id=tenant_id,
            checkpoint=checkpoint,
            stage=Gate.Stage.HELDOUT,
            status=Gate.Status.PASSED,
            margin=checkpoint.policy.gate_margin,
            reason="by_hand",
            note=note,
            actor=actor.label,
            by_hand=True,
            ended_at=now(),
        )
        audit(checkpoint, actor, "checkpoint.passed_by_hand", why)
        checkpoint_set(checkpoint, status=Checkpoint.Status.PASSED, note=note)
        _job_goes_on(checkpoint, note)
        return checkpoint


def gate_end(gate: Gate, found: Finding) -> None:
    """Write down how a running gate ended, and what becomes of its checkpoint; in the caller's
    transaction. One that has ended is left alone."""
    checkpoint = checkpoint_locked(tenant_id=gate.tenant_id, checkpoint_id=gate.checkpoint_id)
    rows = Gate.objects.for_tenant(gate.tenant_id).filter(id=gate.id, status=Gate.Status.RUNNING)
    if not rows.update(
        status=found.status,
        reason=found.reason,
        note=found.note,
        result=found.result,
        ended_at=now(),
    ):
        return
    if checkpoint.status not in _MAY_BE_TRIED:
        announce(checkpoint)
        return
    if found.status == Gate.Status.ERROR:
        checkpoint_set(checkpoint, note=together(say("gate_not_tried", "Not tried:"), found.note))
    elif found.status == Gate.Status.FAILED:
        checkpoint_set(checkpoint, status=Checkpoint.Status.REJECTED, note=found.note)
        audit(checkpoint, SYSTEM, "checkpoint.rejected", found.note)
    elif gate.stage == Gate.Stage.HELDOUT and _shadow_begun(checkpoint, found.note):
        return
    else:
        _passed(checkpoint, found.note)
    _job_goes_on(checkpoint, found.note)


def gate_fail(*, tenant_id: UUID, gate_id: UUID, reason: str, note: str) -> None:
    """Give up on a gate that cannot go on."""
    with tenant_tx(tenant_id):
        gate = selectors.gate_get(tenant_id=tenant_id, gate_id=gate_id)
        gate_end(gate, Finding(Gate.Status.ERROR, reason, together(note, _BY_HAND), {}))


def gates_sweep() -> None:
    """End the gates whose job was given up. For every minute or so."""
    for tenant_id, gate_id in selectors.gates_running():
        with tenant_tx(tenant_id):
            if is_job_alive(tenant_id=tenant_id, kind=GATE_KIND, dedupe_key=str(gate_id)):
                continue
        gate_fail(tenant_id=tenant_id, gate_id=gate_id, reason="given_up", note=_GAVE_UP)


def needs_judge(policy: TrainingPolicy, cases: Sequence[GateCase]) -> bool:
    """Whether a prompt of these has no checker of its own."""
    tasks = {one["task_id"]: one for one in (policy.task_set.tasks if policy.task_set else [])}
    return any(not tasks.get(case.task_id, {}).get("checker") for case in cases)


def _begun(checkpoint: Checkpoint, stage: str, cases: Sequence[GateCase], label: str) -> Gate:
    serving = selectors.serving_checkpoint(policy=checkpoint.policy)
    gate = Gate.objects.create(
        id=uuid7(),
        tenant_id=checkpoint.tenant_id,
        checkpoint=checkpoint,
        stage=stage,
        baseline_path=serving.sampler_path if serving else "",
        margin=checkpoint.policy.gate_margin,
        actor=label,
    )
    for case in cases:
        case.tenant_id, case.gate_id = checkpoint.tenant_id, gate.id
    GateCase.objects.bulk_create(cases)
    job_enqueue(
        tenant_id=checkpoint.tenant_id,
        kind=GATE_KIND,
        payload={"gate_id": str(gate.id)},
        queue="slow",
        dedupe_key=str(gate.id),
    )
    announce(checkpoint)
    return gate


def _refuse_impossible(gate: Gate) -> None:
    cases = list(gate.cases.all())
    policy = gate.checkpoint.policy
    if len(cases) < LEAST_PAIRS:
        code, what = (
            ("gate_few_tasks", "tasks that are held out")
            if policy.task_set_id
            else ("gate_few_prompts", "recorded prompts")
        )
        note = say(
            code,
            f"There are {{count}} {what} that it did not learn from, {{needed}} are needed:"
            " record or add more.",
            count=len(cases),
            needed=LEAST_PAIRS,
        )
        gate_end(gate, Finding(Gate.Status.ERROR, "too_few", together(note, _BY_HAND), {}))
    elif needs_judge(policy, cases) and not _has_judge(gate.tenant_id):
        note = say(
            "gate_no_judge",
            "No judge can compare answers: add a provider with a model under Upstreams and let it"
            " judge.",
        )
        gate_end(gate, Finding(Gate.Status.ERROR, "no_judge", together(note, _BY_HAND), {}))


def _has_judge(tenant_id: UUID) -> bool:
    found = connection_find(tenant_id=tenant_id, use="judge")
    return found is not None and bool(found.model)


def _shadow_begun(checkpoint: Checkpoint, note: str) -> bool:
    """Whether there are prompts of late to go on with."""
    policy = checkpoint.policy
    serving = selectors.serving_checkpoint(policy=policy)
    served = serving.sampler_path if serving else policy.base_model
    cases = shadow_cases(checkpoint, served_model=served)
    if len(cases) < LEAST_PAIRS:
        return False
    checkpoint_set(checkpoint, note=together(note, _IN_SHADOW))
    _begun(checkpoint, Gate.Stage.SHADOW, cases, SYSTEM.label)
    return True


def _passed(checkpoint: Checkpoint, note: str) -> None:
    checkpoint_set(checkpoint, status=Checkpoint.Status.PASSED, note=note, seen_at=now())
    audit(checkpoint, SYSTEM, "checkpoint.passed", note)
    policy = checkpoint.policy
    share = policy.canary_share
    if share is None or not policy.route_model:
        return
    if selectors.canary_checkpoint(policy=policy) is None:
        canary_begin(checkpoint, actor=SYSTEM, share=share)


def _job_goes_on(checkpoint: Checkpoint, note: str) -> None:
    """The job that waited for the gate is done, whatever the gate said."""
    if checkpoint.job_id is None:
        return
    rows = TrainingJob.objects.for_tenant(checkpoint.tenant_id).filter(id=checkpoint.job_id)
    for job in rows.filter(status=TrainingJob.Status.GATING):
        rows.update(status=TrainingJob.Status.DONE, note=together(job.note, note), ended_at=now())
        publish_on_commit(
            checkpoint.tenant_id, Changed("training.job", str(job.id), TrainingJob.Status.DONE)
        )
