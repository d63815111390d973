"""Counting what became of the turns that carried a version."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F

from apps.skills.models import SkillStat, SkillVersion


def skills_used(*, tenant_id: UUID, version_ids: Iterable[UUID], at: datetime) -> None:
    """Count a turn that carried these versions, in the transaction that records the turn."""
    _count(tenant_id, version_ids, at, "uses")


def skills_scored(
    *, tenant_id: UUID, version_ids: Iterable[UUID], at: datetime, value: int
) -> None:
    """Count the score of a turn that carried these versions; 0 counts for neither side."""
    if value:
        _count(tenant_id, version_ids, at, "passed" if value > 0 else "failed")


def _count(tenant_id: UUID, version_ids: Iterable[UUID], at: datetime, field: str) -> None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    times = Counter(version_ids)
    known = SkillVersion.objects.for_tenant(tenant_id).filter(id__in=list(times))
    for version_id in known.values_list("id", flat=True).order_by("id"):
        rows = SkillStat.objects.for_tenant(tenant_id).filter(version_id=version_id, hour=hour)
        if not rows.update(**{field: F(field) + times[version_id]}):
            SkillStat.objects.bulk_create(
                [SkillStat(tenant_id=tenant_id, version_id=version_id, hour=hour)],
                ignore_conflicts=True,
            )
            rows.update(**{field: F(field) + times[version_id]})
