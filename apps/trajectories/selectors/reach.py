"""Which turns carried a skill."""

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
