"""Counting what became of the turns that carried a version."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from apps.core.bulk import run_with_json
from apps.skills.models import SkillStat, SkillVersion
from apps.skills.types import SkillCount

# One statement for a whole batch. In the order of the keys: two recorders never deadlock.
_COUNT = """
INSERT INTO skills_skillstat AS known (id, tenant_id, created_at, version_id, hour, considered,
  uses, passed, failed, tokens, nanos, unpriced, last_used_at)
SELECT gen_random_uuid(), new.tenant_id, now(), version.id, new.hour, sum(new.considered),
  sum(new.uses), 0, 0, sum(new.tokens), sum(new.nanos), sum(new.unpriced), max(new.last_used_at)
FROM json_to_recordset(%s::json) new (tenant_id uuid, slug text, version int, hour timestamptz,
  considered int, uses int, tokens bigint, nanos bigint, unpriced int, last_used_at timestamptz)
JOIN skills_skill skill ON skill.tenant_id = new.tenant_id AND skill.slug = new.slug
JOIN skills_skillversion version ON version.tenant_id = new.tenant_id
  AND version.skill_id = skill.id AND version.number = new.version
GROUP BY new.tenant_id, version.id, new.hour
ORDER BY version.id, new.hour
ON CONFLICT (tenant_id, version_id, hour) DO UPDATE SET
  considered = known.considered + excluded.considered,
  uses = known.uses + excluded.uses,
  tokens = known.tokens + excluded.tokens,
  nanos = known.nanos + excluded.nanos,
  unpriced = known.unpriced + excluded.unpriced,
  last_used_at = greatest(known.last_used_at, excluded.last_used_at)
"""


def skills_counted(*, tenant_id: UUID, counts: Sequence[SkillCount]) -> None:
    """Add to what is known of these versions, in the transaction that stores the turns.

    One statement, however many they are. A version that is not in this library counts nowhere.
    """
    if counts:
        run_with_json(_COUNT, [asdict(one) | {"tenant_id": tenant_id} for one in counts])


def skills_scored(
    *,
    tenant_id: UUID,
    version_ids: Collection[UUID],
    at: datetime,
    value: int | None,
    before: int | None = None,
) -> None:
    """Count how a turn went that carried these versions; 0 counts for neither side.

    ``before`` is how it was counted until now, which is taken back.
    """
    for outcome, by in ((before, -1), (value, 1)):
        if outcome:
            _count(tenant_id, version_ids, at, "passed" if outcome > 0 else "failed", by)


def _count(tenant_id: UUID, version_ids: Iterable[UUID], at: datetime, field: str, by: int) -> None:
    hour = hour_of(at)
    times = Counter(version_ids)
    known = SkillVersion.objects.for_tenant(tenant_id).filter(id__in=list(times))
    for version_id in known.values_list("id", flat=True).order_by("id"):
        rows = SkillStat.objects.for_tenant(tenant_id).filter(version_id=version_id, hour=hour)
        more = Greatest(F(field) + by * times[version_id], 0)
        if not rows.update(**{field: more}) and by > 0:
            SkillStat.objects.bulk_create(
                [SkillStat(tenant_id=tenant_id, version_id=version_id, hour=hour)],
                ignore_conflicts=True,
            )
            rows.update(**{field: more})


def hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
