"""Reads what is on record of the turns that people are asked about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.evolution.agreement import Agreement, Pair, agreement_of
from apps.evolution.models import AnnotationItem, AnnotationLease, AnnotationPolicy
from apps.tenants.selectors import tenant_get
from apps.tenants.types import Actor
from apps.trajectories import selectors as turns
from apps.usage.days import day_start, zone_of

State, Stratum = AnnotationItem.State, AnnotationItem.Stratum


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the whole queue, and of whoever asks."""

    waiting: int
    # Waiting, not skipped by them, and nobody else looks at it.
    open_to_you: int
    # Somebody looks at it right now.
    being_read: int
    answered_today: int
    answered_by_you_today: int
    answered: int


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    judge: turns.Judge
    is_in_use: bool
    agreement: Agreement


def policy_get(*, tenant_id: UUID) -> AnnotationPolicy:
    """The workspace's rules for asking people; the defaults where nobody set any."""
    found = AnnotationPolicy.objects.for_tenant(tenant_id).first()
    return found or AnnotationPolicy(tenant_id=tenant_id)


def item_list(*, tenant_id: UUID, state: str = "") -> QuerySet[AnnotationItem]:
    rows = AnnotationItem.objects.for_tenant(tenant_id)
    return rows.filter(state=state) if state else rows


def item_get(*, tenant_id: UUID, item_id: UUID) -> AnnotationItem:
    found = AnnotationItem.objects.for_tenant(tenant_id).filter(id=item_id).first()
    if found is None:
        raise NotFound
    return found


def lease_find(*, tenant_id: UUID, item_id: UUID) -> AnnotationLease | None:
    """Who looks at the turn right now."""
    rows = AnnotationLease.objects.for_tenant(tenant_id).filter(item_id=item_id)
    return rows.filter(expires_at__gt=now()).first()


def items_open(
    *, tenant_id: UUID, actor: Actor, only_theirs: bool = False
) -> QuerySet[AnnotationItem]:
    """What this person may be asked next, in order; ``only_theirs``: what they look at already."""
    leases = _leases(tenant_id)
    mine = leases.filter(holder_kind=actor.kind, holder_id=actor.id)
    others = leases.exclude(holder_kind=actor.kind, holder_id=actor.id)
    rows = (
        AnnotationItem.objects.for_tenant(tenant_id)
        .filter(~Exists(others), state=State.WAITING)
        .exclude(skipped_by__contains=[name_of(actor)])
        .order_by("rank", "id")
    )
    return rows.filter(Exists(mine)) if only_theirs else rows


def name_of(actor: Actor) -> str:
    """By what an item remembers somebody."""
    return f"{actor.kind} {actor.id}"


def progress_get(*, tenant_id: UUID, actor: Actor) -> Progress:
    zone = zone_of(tenant_get(tenant_id=tenant_id).time_zone)
    rows = AnnotationItem.objects.for_tenant(tenant_id)
    waiting, answered = rows.filter(state=State.WAITING), rows.filter(state=State.ANSWERED)
    today = answered.filter(answered_at__gte=day_start(now(), zone))
    return Progress(
        waiting=waiting.count(),
        open_to_you=items_open(tenant_id=tenant_id, actor=actor).count(),
        being_read=waiting.filter(Exists(_leases(tenant_id))).count(),
        answered_today=today.count(),
        answered_by_you_today=today.filter(answered_by_id=name_of(actor)).count(),
        answered=answered.count(),
    )


def agreements(*, tenant_id: UUID) -> list[JudgeAgreement]:
    """Judge and people compared, for each judge of the window; the one in use comes first."""
    in_use = turns.judge_in_use(tenant_id=tenant_id)
    window = timedelta(days=policy_get(tenant_id=tenant_id).window_days)
    rows = _comparable(tenant_id, now() - window)
    by_judge: dict[turns.Judge, list[AnnotationItem]] = defaultdict(list)
    for row in rows:
        by_judge[turns.Judge(row.prompt_version, row.judge_model)].append(row)
    if in_use:
        by_judge.setdefault(in_use, [])
    found = [
        JudgeAgreement(judge, judge == in_use, agreement_of(_pairs(items)))
        for judge, items in by_judge.items()
    ]
    return sorted(found, key=lambda one: (not one.is_in_use, -one.agreement.n, str(one.judge)))


def _comparable(tenant_id: UUID, since: datetime) -> QuerySet[AnnotationItem]:
    """What was picked by chance, and judged: what people put there says nothing of the rest."""
    return (
        AnnotationItem.objects.for_tenant(tenant_id)
        .filter(created_at__gte=since, judge_value__isnull=False)
        .exclude(Q(stratum=Stratum.HAND))
        .only("id", "tenant", "stratum", "share", "state", "value", "judge_value", *_JUDGE)
    )


_JUDGE = ("prompt_version", "judge_model")


def _pairs(items: Iterable[AnnotationItem]) -> list[Pair]:
    """The answered ones, each for as many judged turns as it stands for.

    A picked turn stands for 1 / share turns of its stratum; of those the answered ones take
    over what the others of the stratum stand for.
    """
    stands_for: dict[str, float] = defaultdict(float)
    answered: dict[str, list[AnnotationItem]] = defaultdict(list)
    for item in items:
        stands_for[item.stratum] += 1 / item.share
        if item.state == State.ANSWERED:
            answered[item.stratum].append(item)
    return [
        Pair(item.judge_value, item.value, stands_for[stratum] / len(found))
        for stratum, found in answered.items()
        for item in found
        if item.judge_value is not None and item.value is not None
    ]


def _leases(tenant_id: UUID) -> QuerySet[AnnotationLease]:
    """Leases that run, of the item of the outer query."""
    return AnnotationLease.objects.for_tenant(tenant_id).filter(
        item_id=OuterRef("id"), expires_at__gt=now()
    )
