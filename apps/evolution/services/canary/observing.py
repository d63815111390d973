"""Which sessions count for a canary, and how they went."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from apps.core.clock import now
from apps.evolution.models import Canary, CanarySession
from apps.evolution.types import Seen
from apps.trajectories import selectors as turns
from apps.trajectories.selectors import SessionResult

# So long the judge may take; what is not scored by then is left out.
_PATIENCE = timedelta(minutes=15)
# So many sessions are settled at once.
_AT_ONCE = 200


def canary_seen(*, tenant_id: UUID, seen: Iterable[Seen]) -> None:
    """Note the sessions that count from now on, in the transaction that records their turns.

    A session counts from the first such turn that is recorded; later ones change nothing.
    """
    known = set(Canary.objects.for_tenant(tenant_id).values_list("id", flat=True))
    CanarySession.objects.bulk_create(
        [
            CanarySession(
                tenant_id=tenant_id,
                canary_id=one.canary_id,
                session_id=one.session_id,
                arm=one.arm,
                first_turn_id=one.turn_id,
            )
            # In one order: two recorders that note the same sessions never deadlock.
            for one in sorted(seen, key=lambda one: (one.canary_id, one.session_id))
            if one.canary_id in known
        ],
        ignore_conflicts=True,
    )


def sessions_settle(canary: Canary) -> int:
    """Note how the sessions went that are over; answers with how many are new.

    In the caller's transaction. What was noted once is never looked at again: a test that may
    be looked at all the time must not have its past changed.
    """
    waiting = CanarySession.objects.for_tenant(canary.tenant_id).filter(
        canary=canary, settled_at=None
    )
    rows = {row.session_id: row for row in waiting.order_by("id")[:_AT_ONCE]}
    results = turns.session_results(
        tenant_id=canary.tenant_id,
        since=[(row.session_id, row.first_turn_id) for row in rows.values()],
    )
    settled = [_settle(rows[result.session_id], result) for result in results if _is_over(result)]
    CanarySession.objects.for_tenant(canary.tenant_id).bulk_update(settled, _FIELDS)
    return len(settled)


_FIELDS = ["settled_at", "reward", "turns", "failed_requests", "tokens_per_turn", "latency_ms"]


def _is_over(result: SessionResult) -> bool:
    if result.closed_at is None:
        return False
    return not result.unscored or now() - result.closed_at > _PATIENCE


def _settle(row: CanarySession, result: SessionResult) -> CanarySession:
    row.settled_at = now()
    row.reward = None if result.score is None else (result.score + 1) / 2
    row.turns = result.turns
    row.failed_requests = result.failed_requests
    row.tokens_per_turn = result.tokens_per_turn
    row.latency_ms = result.latency_ms
    return row
