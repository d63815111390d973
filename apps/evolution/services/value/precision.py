"""How much of what an evolver proposes people take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q

from apps.evolution.models import Proposal

Status = Proposal.Status


@dataclass(frozen=True, slots=True)
class Precision:
    """The proposals of one author: a model with a prompt, a tool outside, the ledger."""

    author_model: str
    # Empty for authors without one.
    prompt_version: str
    is_simulated: bool
    proposed: int
    approved: int
    # Of the approved: somebody changed the text first.
    edited: int
    rejected: int
    quarantined: int
    waiting: int
    last_at: datetime

    @property
    def precision(self) -> float | None:
        """Approved of those that are decided; None while none is."""
        decided = self.proposed - self.waiting
        return self.approved / decided if decided else None


def precision_list(*, tenant_id: UUID) -> Sequence[Precision]:
    """By author, whoever proposed last first."""
    rows = (
        Proposal.objects.for_tenant(tenant_id)
        .order_by()
        .values("author_model", "is_simulated", version=F("run__prompt_version"))
        .annotate(
            proposed=Count("id"),
            approved=Count("id", filter=Q(status=Status.APPROVED)),
            edited=Count("id", filter=Q(status=Status.APPROVED) & ~Q(sha256=F("original_sha256"))),
            rejected=Count("id", filter=Q(status=Status.REJECTED)),
            quarantined=Count("id", filter=Q(status=Status.QUARANTINED)),
            waiting=Count("id", filter=Q(status=Status.PENDING)),
            last_at=Max("created_at"),
        )
        .order_by("-last_at")
    )
    return [_precision(dict(row)) for row in rows]


def _precision(row: dict[str, Any]) -> Precision:
    return Precision(prompt_version=row.pop("version") or "", **row)
