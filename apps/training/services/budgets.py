"""What a workspace may use of its trainer in a day: reserved before each step, never overdrawn.

Answers that are sampled for a step are reserved as well, with the most that they can be, and
settled to what they were. A worker that is killed between the two settles nothing: nobody knows
what it had the trainer do, so all of what it reserved stays used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants.selectors import tenant_get
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.errors import BudgetReached
from apps.training.models import TrainingBudget, TrainingStep
from apps.training.selectors.jobs import steps_sampled_since, steps_since
from apps.usage.days import day_end, day_start, zone_of

# USD / 10⁶ for so many tokens; None where the price is not known.
Cost = Callable[[int], int | None]


@dataclass(frozen=True, slots=True)
class TrainingDay:
    """What was sent to trainers since midnight where the workspace is. Money in USD / 10⁶, of
    steps whose price is known."""

    steps: int
    # Trained and sampled.
    tokens: int
    micros: int
    # Of these, what was sampled for steps.
    sampled_tokens: int
    sampled_micros: int
    ends_at: datetime


def budget_get(*, tenant_id: UUID) -> TrainingBudget:
    """The limits, or the defaults where none were set."""
    found = TrainingBudget.objects.for_tenant(tenant_id).first()
    return found or TrainingBudget(tenant_id=tenant_id)


def budget_set(*, tenant_id: UUID, actor: Actor, **limits: int | None) -> TrainingBudget:
    """Change a day's limits; what is not named stays. Null lifts a limit."""
    with tenant_tx(tenant_id):
        row = _locked(tenant_id)
        changed: dict[str, Any] = {
            name: value for name, value in limits.items() if getattr(row, name) != value
        }
        if changed:
            TrainingBudget.objects.for_tenant(tenant_id).filter(id=row.id).update(**changed)
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="training_budget.changed",
                detail=", ".join(f"{name}: {value}" for name, value in sorted(changed.items())),
            )
        return budget_get(tenant_id=tenant_id)


def day_get(*, tenant_id: UUID) -> TrainingDay:
    """A step that was sent again after a crash counts again: the trainer was asked again."""
    zone, at = zone_of(tenant_get(tenant_id=tenant_id).time_zone), now()
    since = day_start(at, zone)
    sampled = steps_sampled_since(tenant_id=tenant_id, since=since).aggregate(
        tokens=Coalesce(Sum("sampled_tokens"), 0), micros=Coalesce(Sum("sampled_micros"), 0)
    )
    trained = steps_since(tenant_id=tenant_id, since=since).aggregate(
        steps=Coalesce(Sum("sends"), 0),
        tokens=Coalesce(Sum(F("tokens") * F("sends")), 0),
        micros=Coalesce(Sum(F("cost_micros") * F("sends")), 0),
    )
    return TrainingDay(
        steps=trained["steps"],
        tokens=trained["tokens"] + sampled["tokens"],
        micros=trained["micros"] + sampled["micros"],
        sampled_tokens=sampled["tokens"],
        sampled_micros=sampled["micros"],
        ends_at=day_end(at, zone),
    )


def budget_reserve(*, tenant_id: UUID, tokens: int, micros: int | None) -> None:
    """Make sure that one more step fits into the day. Raises BudgetReached.

    To be called in the transaction that marks the step as sent: the budget's row stays locked
    until then, so that two workers cannot both take what is left.
    """
    _check(tenant_id, tokens, micros, "the next step")


def sampling_reserve(*, tenant_id: UUID, step_id: UUID, tokens: int, cost: Cost) -> None:
    """Book what is about to be sampled for a step, at its most. Raises BudgetReached; also where
    the day holds the answers, but no step that could learn from them."""
    with tenant_tx(tenant_id):
        _check(tenant_id, tokens, cost(tokens), "the answers of the next step")
        _book(tenant_id, step_id, tokens, cost)


def sampling_settle(
    *, tenant_id: UUID, step_id: UUID, reserved: int, used: int, cost: Cost
) -> None:
    """What was reserved came to ``used``."""
    with tenant_tx(tenant_id):
        _book(tenant_id, step_id, used - reserved, cost)


def _book(tenant_id: UUID, step_id: UUID, more: int, cost: Cost) -> None:
    rows = TrainingStep.objects.for_tenant(tenant_id).filter(id=step_id)
    row = rows.select_for_update().get()
    total = row.sampled_tokens + more
    rows.update(sampled_tokens=total, sampled_micros=cost(total), sampled_at=now())


def _check(tenant_id: UUID, tokens: int, micros: int | None, what: str) -> None:
    row = _locked(tenant_id)
    used = day_get(tenant_id=tenant_id)
    for name, limit, there, more in (
        ("steps", row.daily_steps, used.steps, 1),
        ("tokens", row.daily_tokens, used.tokens, tokens),
        ("micros", row.daily_micros, used.micros, micros or 0),
    ):
        if limit is not None and there + more > limit:
            raise BudgetReached(_sentence(name, limit, there, more, what), limit=name)
    if row.daily_micros is not None and micros is None:
        raise BudgetReached(
            say(
                "budget_no_price",
                "There is a limit in money, and what a token costs is not known: enter the price"
                " in the policy, or lift the limit.",
            ),
            limit="price",
        )


def _sentence(name: str, limit: int, there: int, more: int, what: str) -> str:
    if name == "micros":
        return say(
            "budget_money",
            f"Today's limit of ${{limit:.2f}} does not hold {what}"
            " (${more:.4f}; ${there:.2f} are used).",
            limit=limit / 1e6,
            more=more / 1e6,
            there=there / 1e6,
        )
    return say(
        f"budget_{name}",
        f"Today's limit of {{limit:,}} {name} does not hold {what} ({{there:,}} are used).",
        limit=limit,
        there=there,
    )


def _locked(tenant_id: UUID) -> TrainingBudget:
    TrainingBudget.objects.bulk_create([TrainingBudget(tenant_id=tenant_id)], ignore_conflicts=True)
    return TrainingBudget.objects.for_tenant(tenant_id).select_for_update().get()
