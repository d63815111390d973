"""A workspace's rules for learning, and what is left of its day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.models import EvolutionRun, LearningPolicy
from apps.tenants.selectors import tenant_get
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.usage.days import day_end, day_start, zone_of


@dataclass(frozen=True, slots=True)
class LearningDay:
    """What the evolver used since midnight where the workspace is, and whether it may go on."""

    runs: int
    tokens: int
    # Of the runs whose model has a known price.
    micros: int
    ends_at: datetime
    # Which limit is reached: runs, tokens or money; empty while there is some left.
    capped_by: str


def learning_policy_set(*, tenant_id: UUID, actor: Actor, **fields: Any) -> LearningPolicy:
    """Change the rules; what is not named stays."""
    with tenant_tx(tenant_id):
        row = policy_locked(tenant_id)
        changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if changed:
            changed_marks = {mark: at for name, (mark, at) in _marks().items() if name in changed}
            LearningPolicy.objects.for_tenant(tenant_id).filter(id=row.id).update(
                **changed, **changed_marks
            )
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="learning.changed",
                detail=", ".join(f"{name}: {value}" for name, value in sorted(changed.items())),
            )
        return selectors.learning_policy(tenant_id=tenant_id)


def _marks() -> dict[str, tuple[str, datetime | None]]:
    """From where a trigger counts when it is set: what was before is none of its business."""
    return {
        "on_session_end": ("sessions_seen_at", now()),
        "every_turns": ("turns_seen_at", now()),
        "success_below": ("rate_seen_at", None),
    }


def policy_locked(tenant_id: UUID) -> LearningPolicy:
    """The row, made if there is none, locked until the transaction ends: one at a time sorts
    the failures of a workspace."""
    rows = LearningPolicy.objects.for_tenant(tenant_id)
    LearningPolicy.objects.bulk_create([LearningPolicy(tenant_id=tenant_id)], ignore_conflicts=True)
    return rows.select_for_update().get()


def day_get(*, tenant_id: UUID, policy: LearningPolicy) -> LearningDay:
    """What today's runs used of the policy's limits."""
    zone, at = zone_of(tenant_get(tenant_id=tenant_id).time_zone), now()
    used = (
        EvolutionRun.objects.for_tenant(tenant_id)
        .filter(created_at__gte=day_start(at, zone))
        .aggregate(
            runs=Count("id"),
            tokens=Coalesce(Sum(F("input_tokens") + F("output_tokens")), 0),
            micros=Coalesce(Sum("cost_micros"), 0),
        )
    )
    limits = {
        "runs": policy.daily_runs,
        "tokens": policy.daily_tokens,
        "money": policy.daily_micros,
    }
    spent = {"runs": used["runs"], "tokens": used["tokens"], "money": used["micros"]}
    reached = (name for name, limit in limits.items() if limit is not None and spent[name] >= limit)
    return LearningDay(
        runs=used["runs"],
        tokens=used["tokens"],
        micros=used["micros"],
        ends_at=day_end(at, zone),
        capped_by=next(reached, ""),
    )
