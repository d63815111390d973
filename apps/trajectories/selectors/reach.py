"""Which turns carried a skill."""

from collections import Counter
from itertools import combinations
from uuid import UUID

from django.db.models import Count, Max, Min

from apps.trajectories.models import Turn, TurnSkill
from apps.trajectories.types import SkillReach


def skill_reach(*, tenant_id: UUID, slug: str) -> SkillReach:
    """How far a skill has come, in every version of it; the turns themselves are a list of
    their own (``turn_list`` with ``skill``)."""
    carried = TurnSkill.objects.for_tenant(tenant_id).filter(slug=slug)
    turns = Turn.objects.for_tenant(tenant_id).filter(id__in=carried.values("turn_id"))
    counted = turns.aggregate(
        turns=Count("id"),
        sessions=Count("session_id", distinct=True),
        first_at=Min("started_at"),
        last_at=Max("started_at"),
    )
    agents = turns.order_by("agent").values_list("agent", flat=True).distinct()
    versions = carried.order_by("version").values_list("version", flat=True).distinct()
    return SkillReach(**counted, agents=list(agents), versions=list(versions))


def skills_together(*, tenant_id: UUID, looked_at: int) -> Counter[tuple[UUID, ...]]:
    """How many of the latest turns carried a version, and how many carried two of them.

    By one or two ids, the smaller one first. ``looked_at``: so many uses are read.
    """
    rows = TurnSkill.objects.for_tenant(tenant_id).order_by("-id")
    carried: dict[UUID, set[UUID]] = {}
    for turn_id, version_id in rows.values_list("turn_id", "version_id")[:looked_at]:
        carried.setdefault(turn_id, set()).add(version_id)
    found: Counter[tuple[UUID, ...]] = Counter()
    for versions in carried.values():
        found.update((one,) for one in versions)
        found.update(combinations(sorted(versions), 2))
    return found
