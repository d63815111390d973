"""How whole sessions went: what a comparison of sessions is made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Avg, Count, F, Min, Q
from django.db.models.functions import Coalesce

from apps.trajectories.models import Session, Turn

_FAILED = Q(status__in=(Turn.Status.UPSTREAM_ERROR, Turn.Status.REJECTED))
_REFUSED = Q(finish_reason__in=("content_filter", "refusal"))


@dataclass(frozen=True, slots=True)
class SessionResult:
    """What became of a session's main turns from one turn on."""

    session_id: UUID
    closed_at: datetime | None
    turns: int
    # Complete turns that a judge may still score.
    unscored: int
    # Mean score, from −1 to 1; None if none was scored.
    score: float | None
    # Requests that ended in an error, or that the model declined.
    failed_requests: int
    tokens_per_turn: float | None
    latency_ms: float | None


def session_results(
    *, tenant_id: UUID, since: Collection[tuple[UUID, UUID]]
) -> list[SessionResult]:
    """The results of sessions, each from the given turn on; those without a turn are left out."""
    firsts = dict(since)
    closed = dict(
        Session.objects.for_tenant(tenant_id)
        .filter(id__in=list(firsts))
        .values_list("id", "closed_at")
    )
    wanted = Q(pk__in=())
    for session_id, first in firsts.items():
        wanted |= Q(session_id=session_id, id__gte=first)
    rows = (
        Turn.objects.for_tenant(tenant_id)
        .filter(wanted, kind=Turn.Kind.MAIN, is_repeated=False)
        .values("session_id")
        .annotate(
            turns=Count("id"),
            unscored=Count("id", filter=Q(score=None, status=Turn.Status.COMPLETE)),
            mean=Avg("score"),
            failed=Count("id", filter=_FAILED | _REFUSED),
            tokens=Avg(Coalesce("input_tokens", 0) + Coalesce("output_tokens", 0)),
            latency=Avg(F("latency_ms"), filter=Q(status=Turn.Status.COMPLETE)),
            first=Min("started_at"),
        )
        .order_by("first")
    )
    return [
        SessionResult(
            session_id=row["session_id"],
            closed_at=closed.get(row["session_id"]),
            turns=row["turns"],
            unscored=row["unscored"],
            score=row["mean"],
            failed_requests=row["failed"],
            tokens_per_turn=row["tokens"],
            latency_ms=row["latency"],
        )
        for row in rows
    ]
