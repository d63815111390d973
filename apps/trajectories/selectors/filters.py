"""Which turns people want to see. Everything but the search for words, which is ``searching``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.trajectories.models import Turn, TurnSkill
from apps.trajectories.months import first_id

OUTCOMES: dict[str, Q] = {
    "passed": Q(score=1),
    "failed": Q(score=-1),
    "neutral": Q(score=0),
    "unscored": Q(score__isnull=True) & ~Q(status__in=["upstream_error", "rejected"]),
    "error": Q(status__in=["upstream_error", "rejected"]),
}
# What a turn may be used for: to teach skills, or to be asked and trained on.
SPLITS = {"support": True, "query": False}


@dataclass(frozen=True, slots=True)
class TurnFilters:
    """Which turns are wanted; an empty value means any. All that are given must hold."""

    outcome: str = ""
    status: str = ""
    session: UUID | None = None
    agent: str = ""
    # The name the caller asked for, or part of it; ``route`` is the whole name.
    model: str = ""
    route: str = ""
    upstream: str = ""
    key: UUID | None = None
    # A name or part of it; with ``@3`` behind the whole name, that version only.
    skill: str = ""
    split: str = ""
    score_min: float | None = None
    score_max: float | None = None
    # From this moment on, and before that one.
    since: datetime | None = None
    until: datetime | None = None
    # ``name:value``
    tag: str = ""
    # "latest": of requests that were sent again the latest only; "all": each of them.
    attempts: str = "latest"
    q: str = ""


def turns_filtered(*, tenant_id: UUID, filters: TurnFilters) -> QuerySet[Turn]:
    """The turns that meet every filter but ``q``."""
    turns = Turn.objects.for_tenant(tenant_id).filter(**_plain(filters))
    if filters.attempts == "latest":
        turns = turns.filter(is_latest=True)
    if filters.outcome:
        turns = turns.filter(OUTCOMES[filters.outcome])
    if filters.skill:
        turns = turns.filter(id__in=_carrying(tenant_id, filters.skill).values("turn_id"))
    if filters.tag:
        name, _, value = filters.tag.partition(":")
        turns = turns.filter(tags__contains={name: value})
    return turns


def _plain(filters: TurnFilters) -> dict[str, Any]:
    """Those that compare one column with one value."""
    return {
        name: value
        for name, value in {
            "status": filters.status or None,
            "session_id": filters.session,
            "agent__icontains": filters.agent or None,
            "model__icontains": filters.model or None,
            "model": filters.route or None,
            "upstream__icontains": filters.upstream or None,
            "key_id": filters.key,
            "is_support": SPLITS.get(filters.split),
            "score__gte": filters.score_min,
            "score__lte": filters.score_max,
            # An id begins with the time of its turn: the primary key finds a span of time, and
            # months outside of it are not looked at.
            "id__gte": filters.since and first_id(filters.since),
            "id__lt": filters.until and first_id(filters.until),
        }.items()
        if value is not None
    }


def _carrying(tenant_id: UUID, skill: str) -> QuerySet[TurnSkill]:
    carried = TurnSkill.objects.for_tenant(tenant_id)
    slug, at, version = skill.rpartition("@")
    if at:
        return carried.filter(slug=slug, version=int(version))
    return carried.filter(slug__icontains=skill)
