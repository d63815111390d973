"""Opening and closing windows, and what changes them."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.training.errors import WindowRulesInvalid
from apps.training.models import Presence, Window, WindowRules
from apps.training.selectors import windows as selectors
from apps.training.services import beginning
from apps.training.windows import (
    Slot,
    Standing,
    black_outs_read,
    clock_text,
    hours_read,
    standing_at,
    too_short_hours,
)

logger = logging.getLogger(__name__)

# What a standing closes a window for; anything else means that its slot is gone from the rules.
_REASONS: dict[str, str] = {
    "traffic": Window.Reason.TRAFFIC,
    "not_idle": Window.Reason.TRAFFIC,
    "presence": Window.Reason.PRESENCE,
    "busy": Window.Reason.BUSY,
    "too_short": Window.Reason.BUSY,
    "unknown": Window.Reason.UNKNOWN,
    "black_out": Window.Reason.BLACK_OUT,
}
# What a client is told: shorter than PRESENCE_LASTS, so that one that is lost does no harm.
PING_EVERY_SECONDS = 60
# Pings of several keyboards, or of an eager client, are one write in this time.
_PING_EVERY = timedelta(seconds=10)


def windows_sweep() -> None:
    """Open what is due and close what is over, everywhere. For several times a minute.

    Safe to run at once on several machines, and to be skipped for hours: what opens is found
    anew from the rules each time, and a slot has one row.
    """
    for tenant_id in selectors.tenants_with_windows():
        try:
            window_tend(tenant_id=tenant_id, at=now())
        except Exception:  # the edge of a workspace: what is wrong with one must not stop others
            logger.exception("training.windows.failed", extra={"tenant_id": tenant_id})


def window_tend(*, tenant_id: UUID, at: datetime) -> None:
    """Bring the window of one workspace to where it stands at ``at``."""
    with tenant_tx(tenant_id):
        rows = WindowRules.objects.for_tenant(tenant_id).select_for_update(skip_locked=True)
        row = rows.first()
        if row is None:
            # Another scheduler is at it, or there is nothing to do.
            return
        rules = selectors.rules_of(tenant_id, row, at)
        facts = selectors.facts_of(tenant_id, row, rules, at)
        standing = standing_at(rules, facts, at)
        window = selectors.window_open_find(tenant_id=tenant_id)
        if window is not None:
            slot = selectors.slot_of(window, standing)
            if slot is not None:
                _stays(window, slot)
                return
            _close(window, standing, at)
        least = timedelta(minutes=rules.min_minutes)
        for slot in standing.slots:
            if _open(tenant_id, slot, at, least):
                return


def _stays(window: Window, slot: Slot) -> None:
    if window.closes_at != slot.closes_at:
        window.closes_at = slot.closes_at
        window.save(update_fields=["closes_at"])
    # A request between two looks that were far apart stopped the job, and closed nothing.
    if selectors.is_window_awaited(tenant_id=window.tenant_id):
        beginning.window_opened(tenant_id=window.tenant_id, window_id=window.id)


def _close(window: Window, standing: Standing, at: datetime) -> None:
    is_over = at >= window.closes_at
    reason = Window.Reason.END if is_over else _REASONS.get(standing.code, Window.Reason.RULES)
    mine = Window.objects.for_tenant(window.tenant_id).filter(id=window.id, closed_at__isnull=True)
    # One that nobody looked at for hours was over when it was over.
    if mine.update(closed_at=min(at, window.closes_at), reason=reason):
        beginning.window_closed(tenant_id=window.tenant_id, window_id=window.id)
        _announce(window.tenant_id, window.id, "closed")


def _open(tenant_id: UUID, slot: Slot, at: datetime, least: timedelta) -> bool:
    """Open a slot, or open it again where what is left of it is worth that."""
    mine = Window.objects.for_tenant(tenant_id).filter(slot_key=slot.key)
    before = mine.first()
    if before is None:
        window_id = uuid7()
        try:
            with transaction.atomic():
                Window.objects.create(
                    id=window_id,
                    tenant_id=tenant_id,
                    slot_key=slot.key,
                    source=slot.source,
                    opens_at=slot.opens_at,
                    closes_at=slot.closes_at,
                    opened_at=at,
                )
        except IntegrityError:  # another scheduler opened it
            return True
    else:
        window_id = before.id
        if slot.closes_at - at < least:
            return False
        mine.filter(closed_at__isnull=False).update(
            closed_at=None,
            reason="",
            closes_at=slot.closes_at,
            interruptions=before.interruptions + 1,
        )
    beginning.window_opened(tenant_id=tenant_id, window_id=window_id)
    _announce(tenant_id, window_id, "open")
    return True


def window_rules_set(*, tenant_id: UUID, actor: Actor, **fields: Any) -> WindowRules:
    """Say when the workspace may train; what is open and fits no more closes at once.

    Raises WindowRulesInvalid.
    """
    with tenant_tx(tenant_id):
        mine = WindowRules.objects.for_tenant(tenant_id)
        # Two people who save the first rules at once change one row, one after the other.
        mine.get_or_create(tenant_id=tenant_id, defaults={"changed_at": now()})
        row = mine.select_for_update().get()
        for name, value in fields.items():
            setattr(row, name, value)
        _check(row)
        row.changed_at = now()
        row.save()
        audit_record(
            tenant_id=tenant_id, actor=actor, action="windows.changed", detail=_in_words(row)
        )
        window_tend(tenant_id=tenant_id, at=row.changed_at)
        windows_changed(tenant_id=tenant_id)
    return row


def presence_ping(*, tenant_id: UUID, at: datetime) -> None:
    """Somebody is at their keyboard. An open window closes at once."""
    with tenant_tx(tenant_id):
        row, is_new = Presence.objects.for_tenant(tenant_id).get_or_create(
            tenant_id=tenant_id, defaults={"pinged_at": at}
        )
        if not is_new:
            mine = Presence.objects.for_tenant(tenant_id).filter(id=row.id)
            if not mine.filter(pinged_at__lte=at - _PING_EVERY).update(pinged_at=at):
                return
        if selectors.window_open_find(tenant_id=tenant_id) is not None:
            window_tend(tenant_id=tenant_id, at=at)


def windows_changed(*, tenant_id: UUID) -> None:
    """Say that what is expected changed, with no window opening or closing."""
    _announce(tenant_id, tenant_id, "changed")


def _announce(tenant_id: UUID, window_id: UUID, status: str) -> None:
    publish_on_commit(tenant_id, Changed("training.window", str(window_id), status))


def _check(row: WindowRules) -> None:
    problems: dict[str, list[str]] = {}
    if row.max_minutes is not None and row.max_minutes < row.min_minutes:
        english = "The longest window is shorter than the shortest."
        problems["max_minutes"] = [say("window_longest", english)]
    for hours in too_short_hours(hours_read(row.hours), row.min_minutes):
        english = (
            "{start} to {end} is shorter than the minimum length of {minutes} minutes: it would"
            " never open."
        )
        start, end = clock_text(hours.starts), clock_text(hours.ends)
        problems["hours"] = [
            say("window_short", english, start=start, end=end, minutes=row.min_minutes)
        ]
    if any(out.last < out.first for out in black_outs_read(row.black_outs)):
        english = "A time without training ends before it begins."
        problems["black_outs"] = [say("black_out_backwards", english)]
    if problems:
        raise WindowRulesInvalid(
            say("windows_impossible", "These windows cannot be."), fields=problems
        )


def _in_words(row: WindowRules) -> str:
    hours = ", ".join(f"{one['weekday']} {one['starts']}-{one['ends']}" for one in row.hours)
    return (
        f"hours: {hours or 'none'}; after silence: {row.idle_minutes or 'never'};"
        f" at least {row.min_minutes} min; black-outs: {len(row.black_outs)}"
    )
