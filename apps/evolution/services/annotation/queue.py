"""Working through the queue: one turn at a time, each with one person."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.evolution import annotated
from apps.evolution.errors import ItemAnswered, LeaseHeld
from apps.evolution.models import AnnotationItem, AnnotationLease
from apps.evolution.services.annotation.brake import brake_check
from apps.evolution.services.annotation.sampling import RANKS, announce
from apps.evolution.services.leasing import held_by_other, lease_drop, lease_hold
from apps.evolution.services.scoring import verdict_give
from apps.tenants.types import Actor
from apps.trajectories import selectors as turns
from apps.trajectories.errors import TurnNotFound

State, Stratum = AnnotationItem.State, AnnotationItem.Stratum
# Whoever is first gets it; the others look at the next one, and so on.
_TRIES = 20


def item_add(*, tenant_id: UUID, actor: Actor, turn_id: UUID, note: str = "") -> AnnotationItem:
    """Have people look at a turn, before all that wait. Raises TurnNotFound and ItemAnswered."""
    with tenant_tx(tenant_id):
        if not turns.turn_exists(tenant_id=tenant_id, turn_id=turn_id):
            raise TurnNotFound
        item = AnnotationItem(
            tenant_id=tenant_id, turn_id=turn_id, stratum=Stratum.HAND, rank=RANKS[Stratum.HAND]
        )
        AnnotationItem.objects.bulk_create([item], ignore_conflicts=True)
        known = _lock(tenant_id, turn_id=turn_id)
        if known.state == State.ANSWERED:
            english = "{who} was asked about this turn already."
            raise ItemAnswered(say("item_asked", english, who=known.answered_by))
        if known.state == State.DROPPED:
            # It came by chance, perhaps, but is not here by chance any more.
            known.stratum, known.share, known.state = Stratum.HAND, 1, State.WAITING
        # One that waits by chance goes on doing so, in front of the others.
        known.rank, known.skipped_by = RANKS[Stratum.HAND], []
        known.added_by, known.note = actor.label, note
        known.save()
        announce(tenant_id, known.id, "waiting")
        return known


def item_next(*, tenant_id: UUID, actor: Actor) -> AnnotationItem | None:
    """The turn this person is asked about now, with their lease on it; None if none is left.

    Asked again without an answer it is the same one.
    """
    with tenant_tx(tenant_id):
        _one_question(tenant_id, actor)
        for _ in range(_TRIES):
            mine = annotated.items_open(tenant_id=tenant_id, actor=actor, only_theirs=True)
            rows = annotated.items_open(tenant_id=tenant_id, actor=actor)
            # One's own is waited for: it is locked for a moment whenever its lease is renewed.
            item = (
                mine.select_for_update().first() or rows.select_for_update(skip_locked=True).first()
            )
            if item is None:
                return None
            if not turns.turn_exists(tenant_id=tenant_id, turn_id=item.turn_id):
                _end(item, State.DROPPED)
            elif held_by_other(_leases(item), actor) is None:
                # Whoever had it locked until now did not take it.
                _hold(item, actor)
                return item
        return None


def item_lease(*, tenant_id: UUID, actor: Actor, item_id: UUID) -> AnnotationItem:
    """Look at this turn, or still do. Raises LeaseHeld while somebody else does."""
    with tenant_tx(tenant_id):
        item = _waiting(tenant_id, actor, item_id)
        _hold(item, actor)
        return item


def item_give_back(*, tenant_id: UUID, actor: Actor, item_id: UUID) -> AnnotationItem:
    """Stop looking; it waits for whoever comes next."""
    with tenant_tx(tenant_id):
        item = _lock(tenant_id, id=item_id)
        if lease_drop(_leases(item), actor):
            announce(tenant_id, item.id, "left")
        return item


def item_skip(*, tenant_id: UUID, actor: Actor, item_id: UUID) -> AnnotationItem:
    """Leave it to others: this person is not asked about it again. Raises LeaseHeld."""
    with tenant_tx(tenant_id):
        item = _waiting(tenant_id, actor, item_id)
        lease_drop(_leases(item), actor)
        if annotated.name_of(actor) not in item.skipped_by:
            item.skipped_by.append(annotated.name_of(actor))
            item.save(update_fields=["skipped_by"])
        announce(tenant_id, item.id, "skipped")
        return item


def item_answer(
    *,
    tenant_id: UUID,
    actor: Actor,
    item_id: UUID,
    value: int,
    comment: str,
    correction: str = "",
) -> AnnotationItem:
    """Say how the turn went, and what would have been better (``correction``): a human score of
    it, and a comparison with the judge.

    Raises LeaseHeld while somebody else looks at it, and ItemAnswered.
    """
    with tenant_tx(tenant_id):
        item = _waiting(tenant_id, actor, item_id)
        said = turns.judge_said(tenant_id=tenant_id, turn_id=item.turn_id)
        if said and item.judge_value is None:
            item.judge_value = said.value
            item.judge_model, item.prompt_version = said.judge.model, said.judge.prompt_version
        item.value, item.answered_at = value, now()
        item.answered_by, item.answered_by_id = actor.label, annotated.name_of(actor)
        _end(item, State.ANSWERED)
        verdict_give(
            tenant_id=tenant_id,
            actor=actor,
            turn_id=item.turn_id,
            value=value,
            comment=comment,
            correction=correction,
        )
        brake_check(tenant_id=tenant_id)
        return item


def item_drop(*, tenant_id: UUID, actor: Actor, item_id: UUID) -> None:
    """Take it out of the queue. Raises LeaseHeld and ItemAnswered."""
    with tenant_tx(tenant_id):
        _end(_waiting(tenant_id, actor, item_id), State.DROPPED)


def _one_question(tenant_id: UUID, actor: Actor) -> None:
    """A browser may ask twice at once: the second waits until the first has its turn."""
    key = f"annotation {tenant_id} {annotated.name_of(actor)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _waiting(tenant_id: UUID, actor: Actor, item_id: UUID) -> AnnotationItem:
    """The item, locked: one that still waits, and that nobody else looks at."""
    item = _lock(tenant_id, id=item_id)
    if item.state != State.WAITING:
        nobody = say("item_closed", "Nobody is asked about this turn any more.")
        who = item.answered_by
        raise ItemAnswered(
            together(say("item_answered", "{who} was faster.", who=who) if who else "", nobody)
        )
    lease = held_by_other(_leases(item), actor)
    if lease:
        raise LeaseHeld(
            say("turn_read", "{who} looks at this turn right now.", who=lease.holder),
            holder=lease.holder,
            expires_at=lease.expires_at.isoformat(),
            may_take_over=False,
        )
    return item


def _lock(tenant_id: UUID, **which: Any) -> AnnotationItem:
    rows = AnnotationItem.objects.for_tenant(tenant_id).select_for_update().filter(**which)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def _hold(item: AnnotationItem, actor: Actor) -> None:
    if lease_hold(_leases(item), actor, tenant_id=item.tenant_id, item_id=item.id):
        announce(item.tenant_id, item.id, "read")


def _end(item: AnnotationItem, state: AnnotationItem.State) -> None:
    item.state = state
    item.save()
    _leases(item).delete()
    announce(item.tenant_id, item.id, state.value)


def _leases(item: AnnotationItem) -> QuerySet[AnnotationLease]:
    return AnnotationLease.objects.for_tenant(item.tenant_id).filter(item_id=item.id)
