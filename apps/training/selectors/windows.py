"""What may train now and what may train later, read from the rows and from recorded traffic."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from apps.core.said import Said
from apps.core.tenancy import directory, tenant_tx
from apps.tenants.selectors import tenant_get, tenant_ids
from apps.training.models import (
    CalendarConnection,
    Presence,
    TrainingJob,
    TrainingStep,
    Window,
    WindowRules,
)
from apps.training.windows import (
    CODES,
    Facts,
    Rules,
    Slot,
    Span,
    Standing,
    black_outs_read,
    from_seconds,
    hours_read,
    idle_between,
    next_slot,
    sentence,
    standing_at,
    windows_between,
)
from apps.trajectories import selectors as trajectories
from apps.usage.days import zone_of

FORECAST_DAYS = 7
# What a calendar said last holds for so long.
CALENDAR_HOLDS = timedelta(hours=24)
_SHUT_CODES = [code for code in CODES if code != "open"]
_FAR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a training job may take its next step, why not, and when things change."""

    is_open: bool
    code: str
    sentence: Said
    window_id: UUID | None = None
    closes_at: datetime | None = None
    next_opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The windows that are expected, and the times that stand in the way of others."""

    time_zone: str
    slots: Sequence[Slot]
    blocked: Sequence[Span]


def verdict(*, tenant_id: UUID, at: datetime) -> Verdict:
    """Whether a window is open at ``at``. Sees traffic that came after it opened.

    A step asks this just before it begins: the row alone may be half a minute old.
    """
    with tenant_tx(tenant_id):
        row = rules_find(tenant_id=tenant_id)
        rules = rules_of(tenant_id, row, at)
        facts = facts_of(tenant_id, row, rules, at)
        standing = standing_at(rules, facts, at)
        window = window_open_find(tenant_id=tenant_id)
        slot = slot_of(window, standing)
    if standing.code == "open" and slot is None:
        standing = replace(standing, code="due")
    coming = next_slot(rules, facts, at, FORECAST_DAYS)
    closes_at = slot.closes_at if slot else None
    next_at = coming.opens_at if coming else None
    return Verdict(
        is_open=standing.code == "open",
        code=standing.code,
        sentence=sentence(standing, zone=rules.zone, at=at, closes_at=closes_at, next_at=next_at),
        window_id=window.id if window and slot else None,
        closes_at=closes_at,
        next_opens_at=next_at,
    )


def forecast(*, tenant_id: UUID, at: datetime, days: int = FORECAST_DAYS) -> Forecast:
    """The windows of the next days, as far as rules and calendars tell."""
    end = at + timedelta(days=days)
    with tenant_tx(tenant_id):
        row = rules_find(tenant_id=tenant_id)
        rules = rules_of(tenant_id, row, at)
        facts = facts_of(tenant_id, row, rules, at)
    slots = windows_between(rules, facts.busy, at, end)
    slots += idle_between(rules, facts.busy, facts.active_at, at, end)
    blocked = [span for span in facts.busy if span.ends_at > at and span.starts_at < end]
    return Forecast(
        time_zone=rules.zone.key,
        slots=sorted(slots, key=lambda slot: slot.opens_at),
        blocked=sorted(blocked, key=lambda span: span.starts_at),
    )


def slot_of(window: Window | None, standing: Standing) -> Slot | None:
    """The slot that an open window stands for, while it still covers the moment."""
    if window is None:
        return None
    return next((slot for slot in standing.slots if slot.key == window.slot_key), None)


def rules_find(*, tenant_id: UUID) -> WindowRules | None:
    return WindowRules.objects.for_tenant(tenant_id).first()


def rules_of(tenant_id: UUID, row: WindowRules | None, at: datetime) -> Rules:
    """The rules as values; empty ones for a workspace that has none."""
    zone = zone_of(tenant_get(tenant_id=tenant_id).time_zone)
    if row is None:
        return Rules(zone, changed_at=at)
    return Rules(
        zone,
        changed_at=row.changed_at,
        hours=hours_read(row.hours),
        idle_minutes=row.idle_minutes,
        min_minutes=row.min_minutes,
        max_minutes=row.max_minutes,
        quiet_minutes=row.quiet_minutes,
        black_outs=black_outs_read(row.black_outs),
    )


def facts_of(tenant_id: UUID, row: WindowRules | None, rules: Rules, at: datetime) -> Facts:
    if row is None or rules.is_empty:
        return Facts()
    # A veto may come from before the rules, silence may not.
    since = min(row.changed_at, at - timedelta(minutes=rules.quiet_minutes))
    pinged = Presence.objects.for_tenant(tenant_id).values_list("pinged_at", flat=True)
    return Facts(
        busy=tuple(_busy(tenant_id, row, at)),
        asked_at=trajectories.last_asked_at(tenant_id=tenant_id, since=since),
        present_at=pinged.first(),
    )


def _busy(tenant_id: UUID, row: WindowRules, at: datetime) -> list[Span]:
    spans = []
    for calendar in CalendarConnection.objects.for_tenant(tenant_id):
        if not calendar.is_connected:
            continue
        spans += [
            Span(from_seconds(starts), from_seconds(ends), "busy", calendar.name)
            for starts, ends in calendar.busy
        ]
        since = unknown_since(calendar)
        is_failing = calendar.last_error or at >= since
        if is_failing and row.unknown_calendar == WindowRules.Unknown.BUSY:
            spans.append(Span(since, at + _FAR, "unknown", calendar.name))
    return spans


def unknown_since(calendar: CalendarConnection) -> datetime:
    """From when on nobody can say what the calendar holds, if it does not answer until then."""
    if calendar.fetched_at is None:
        return calendar.created_at
    return calendar.fetched_at + CALENDAR_HOLDS


def window_open_find(*, tenant_id: UUID) -> Window | None:
    return Window.objects.for_tenant(tenant_id).filter(closed_at__isnull=True).first()


def is_window_awaited(*, tenant_id: UUID) -> bool:
    """Whether a job stands still because no window was open when it asked."""
    jobs = TrainingJob.objects.for_tenant(tenant_id).filter(
        status__in=[TrainingJob.Status.WAITING_WINDOW, TrainingJob.Status.PAUSED],
        wants_pause=False,
        reason__in=_SHUT_CODES,
    )
    return jobs.exists()


def window_list(*, tenant_id: UUID) -> QuerySet[Window]:
    """Windows that opened, newest first, each with the steps that were taken while it was open."""
    steps = (
        TrainingStep.objects.for_tenant(tenant_id)
        .filter(
            confirmed_at__gte=OuterRef("opened_at"),
            confirmed_at__lte=Coalesce(OuterRef("closed_at"), Now()),
        )
        .order_by()
        .values("tenant")
        .annotate(count=Count("id"))
        .values("count")
    )
    found = Window.objects.for_tenant(tenant_id)
    return found.annotate(steps=Coalesce(Subquery(steps, output_field=IntegerField()), 0))


def tenants_with_windows() -> list[UUID]:
    """Workspaces that have rules, or a window that is still open."""
    with directory():
        found = set(WindowRules.objects.across_tenants().values_list("tenant_id", flat=True))
        open_ones = Window.objects.across_tenants().filter(closed_at__isnull=True)
        found |= set(open_ones.values_list("tenant_id", flat=True))
    return [tenant_id for tenant_id in tenant_ids() if tenant_id in found]
