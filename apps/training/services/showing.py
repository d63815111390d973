"""A policy with a history that never was, for a demo: no trainer is asked for any of it.

The figures are made up; the rows are those that jobs, steps and gates leave, and what gates say
is worked out from their cases by the same code.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants.types import Actor
from apps.training.degeneracy import Figures
from apps.training.models import (
    Checkpoint,
    Gate,
    GateCase,
    TrainingJob,
    TrainingStep,
    Window,
)
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import policy_get
from apps.training.services.checkpoints.verdict import finding
from apps.training.services.making import checkpoint_make

STEPS = 12
_STEP_TAKES = timedelta(minutes=4)
_STEP_TOKENS = 21_000


def history_show(
    *,
    tenant_id: UUID,
    policy_id: UUID,
    actor: Actor,
    at: datetime,
    number: int,
    prompts: Sequence[UUID],
    samples: int,
) -> None:
    """The ``number``-th job of a policy, done at that time in a window of its own, with its
    checkpoint and its gate.

    ``prompts`` are recorded turns that the gate asked, ``samples`` how many answers the weights
    learned from. Safe to repeat.
    """
    with tenant_tx(tenant_id):
        policy = policy_get(tenant_id=tenant_id, policy_id=policy_id)
        rows = Checkpoint.objects.for_tenant(tenant_id).filter(policy=policy)
        start = rows.order_by("-step").first()
        if rows.filter(step=number * STEPS).exists():
            return
        job = TrainingJob.objects.create(
            tenant_id=tenant_id,
            policy=policy,
            window_id=_window(tenant_id, number, at).id,
            status=TrainingJob.Status.DONE,
            trigger=TrainingJob.Trigger.WINDOW,
            asked_by=actor.label,
            planned_steps=STEPS,
            start=start,
            settings=Recipe.of(policy).facts(),
            started_at=at - STEPS * _STEP_TAKES,
            ended_at=at,
        )
        TrainingStep.objects.bulk_create(
            _step(job, step, (number - 1) * STEPS + step, at) for step in range(1, STEPS + 1)
        )
        checkpoint = checkpoint_make(
            job=job,
            steps=STEPS,
            state_path=_path(job, "weights", STEPS),
            sampler_path=_path(job, "sampler_weights", STEPS),
            note=say("checkpoint_made_up", "Made up for the demo: no trainer has it."),
        )
        checkpoint.samples = samples
        _gate(checkpoint, actor, prompts, at)


def _window(tenant_id: UUID, number: int, at: datetime) -> Window:
    """Opened after a silence, and closed by the next request."""
    opened_at = at - STEPS * _STEP_TAKES - timedelta(minutes=1)
    return Window.objects.create(
        id=uuid7(),
        tenant_id=tenant_id,
        slot_key=f"demo:{number}",
        source="idle",
        opens_at=opened_at,
        closes_at=opened_at + timedelta(hours=6),
        opened_at=opened_at,
        closed_at=at + timedelta(hours=2),
        reason=Window.Reason.TRAFFIC,
    )


def _path(job: TrainingJob, kind: str, step: int) -> str:
    return f"tinker://demo-{job.id.hex[-8:]}/{kind}/{step}"


def _step(job: TrainingJob, number: int, age: int, end: datetime) -> TrainingStep:
    dice = Random(f"{job.tenant_id}:{age}")  # noqa: S311  # a story, not a secret
    reward = 0.86 - 1.05 * math.exp(-age / 14) + dice.gauss(0, 0.03)
    spread = 0.45 * math.exp(-age / 40)
    metrics = {
        "reward": round(reward, 4),
        "reward_min": round(max(-1.0, reward - spread), 4),
        "reward_max": round(min(1.0, reward + spread), 4),
        "loss": round(0.4 * math.exp(-age / 20) + dice.gauss(0, 0.01), 4),
        "kl": round(0.002 + 0.0009 * age + abs(dice.gauss(0, 0.0006)), 5),
        "entropy": round(1.35 * math.exp(-age / 60) + dice.gauss(0, 0.02), 4),
        "clip_fraction": round(max(0.0, 0.05 + dice.gauss(0, 0.015)), 4),
        "ratio": round(1 + dice.gauss(0, 0.01), 4),
        "groups": 8,
        "flat_groups": min(5, age // 8),
    }
    sent = end - (STEPS - number + 1) * _STEP_TAKES
    tokens = _STEP_TOKENS + dice.randint(-2_000, 2_000)
    return TrainingStep(
        tenant_id=job.tenant_id,
        job=job,
        number=number,
        status=TrainingStep.Status.CONFIRMED,
        sends=1,
        from_path=_path(job, "weights", number - 1) if number > 1 else "",
        state_path=_path(job, "weights", number),
        sampler_path=_path(job, "sampler_weights", number),
        metrics=metrics,
        tokens=tokens,
        cost_micros=tokens,
        sent_at=sent,
        confirmed_at=sent + _STEP_TAKES / 2,
    )


def _gate(checkpoint: Checkpoint, actor: Actor, prompts: Sequence[UUID], at: datetime) -> None:
    """Tried on prompts that were held out: the older it is, the better it does."""
    dice = Random(f"{checkpoint.tenant_id}:gate:{checkpoint.step}")  # noqa: S311  # as above
    better = checkpoint.step / (3 * STEPS)
    gate = Gate(
        id=uuid7(),
        tenant_id=checkpoint.tenant_id,
        checkpoint=checkpoint,
        stage=Gate.Stage.HELDOUT,
        margin=checkpoint.policy.gate_margin,
        actor=actor.label,
        is_simulated=True,
        ended_at=at,
    )
    cases = [
        GateCase(
            tenant_id=gate.tenant_id,
            gate=gate,
            turn_id=turn_id,
            status=GateCase.Status.DONE,
            baseline=[asdict(_answer(dice, 0.45))],
            candidate=[asdict(_answer(dice, 0.15 + 0.8 * better))],
        )
        for turn_id in prompts
    ]
    found = finding(cases, margin=gate.margin)
    gate.status, gate.reason, gate.note = found.status, found.reason, found.note
    gate.result = found.result
    gate.save(force_insert=True)
    GateCase.objects.bulk_create(cases)
    is_passed = found.status == Gate.Status.PASSED
    checkpoint.status = Checkpoint.Status.PASSED if is_passed else Checkpoint.Status.REJECTED
    checkpoint.save(update_fields=["status", "samples"])


def _answer(dice: Random, chance: float) -> Figures:
    is_good = dice.random() < chance
    return Figures(
        text="The maintenance window starts on 2026-03-04T02:00+01:00."
        if is_good
        else "It starts on Wednesday at 2 in the morning.",
        reward=1.0 if is_good else -1.0,
        why="It keeps the house rule." if is_good else "The date is not in the agreed form.",
        tokens=dice.randint(14, 30),
        repetition=round(dice.uniform(0, 0.05), 3),
        is_refusal=False,
        is_cut=False,
        surprise=round(dice.uniform(0.6, 1.1), 3),
    )
