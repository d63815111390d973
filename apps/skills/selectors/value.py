"""What versions are worth: the ledger."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDay

from apps.core.clock import now
from apps.core.tenancy import directory
from apps.skills.models import Skill, SkillStanding, SkillStat, SkillVersion
from apps.skills.types import LiveValue, Outcomes, VersionValue

# A use is drawn by the day for so long.
DRAWN_DAYS = 14


def ledger_list(
    *, tenant_id: UUID, slugs: Collection[str] = (), is_live_only: bool = False
) -> QuerySet[SkillVersion]:
    """Versions with their skills. Live is also what some sessions get, on trial."""
    rows = SkillVersion.objects.for_tenant(tenant_id).select_related("skill")
    if slugs:
        rows = rows.filter(skill__slug__in=slugs)
    if is_live_only:
        rows = rows.filter(id__in=_in_prompts(tenant_id))
    return rows


def values_of(*, tenant_id: UUID, version_ids: Collection[UUID]) -> dict[UUID, VersionValue]:
    """What these versions did, each of them; nothing but zeros for one that was never used."""
    stats = SkillStat.objects.for_tenant(tenant_id).filter(version_id__in=version_ids)
    rows = stats.order_by().values("version_id")
    sums = rows.annotate(
        considered_=Sum("considered"),
        uses_=Sum("uses"),
        passed_=Sum("passed"),
        failed_=Sum("failed"),
        tokens_=Sum("tokens"),
        nanos_=Sum("nanos"),
        unpriced_=Sum("unpriced"),
        last_used_at_=Max("last_used_at"),
        scored_at_=Max("hour", filter=Q(passed__gt=0) | Q(failed__gt=0)),
    )
    counted: dict[UUID, dict[str, Any]] = {
        row["version_id"]: {
            name.removesuffix("_"): value for name, value in row.items() if name != "version_id"
        }
        for row in sums
    }
    standings = SkillStanding.objects.for_tenant(tenant_id).filter(version_id__in=version_ids)
    factors = dict(standings.values_list("version_id", "factor"))
    daily = _daily(stats)
    return {
        version_id: VersionValue(
            **counted.get(version_id, {}),
            factor=factors.get(version_id, 1.0),
            daily=daily.get(version_id, (0,) * DRAWN_DAYS),
        )
        for version_id in version_ids
    }


def live_values(*, tenant_id: UUID) -> list[LiveValue]:
    """The live versions, by name."""
    rows = Skill.objects.for_tenant(tenant_id).filter(status=Skill.Status.LIVE)
    live = {
        row: row.live_version
        for row in rows.select_related("live_version").order_by("slug")
        if row.live_version is not None
    }
    values = values_of(tenant_id=tenant_id, version_ids=[one.id for one in live.values()])
    return [
        LiveValue(
            version_id=version.id,
            slug=skill.slug,
            version=version.number,
            text=version.text,
            sha256=version.sha256,
            reach=version.reach,
            is_bank=skill.source == Skill.Source.BANK,
            is_on_trial=skill.trial_id is not None,
            since=skill.updated_at,
            value=values[version.id],
        )
        for skill, version in live.items()
    ]


def outcomes_of(*, tenant_id: UUID, since: datetime) -> dict[UUID, Outcomes]:
    """How the turns went since then that carried a version which is live now.

    What is on trial is left out: the trial has to show it as it is, good or bad.
    """
    live = Skill.objects.for_tenant(tenant_id).filter(status=Skill.Status.LIVE)
    rows = SkillStat.objects.for_tenant(tenant_id).filter(
        version_id__in=live.values("live_version"), hour__gte=since
    )
    sums = rows.order_by().values("version_id").annotate(won=Sum("passed"), lost=Sum("failed"))
    return {row["version_id"]: Outcomes(row["won"], row["lost"]) for row in sums}


def tenants_with_outcomes(*, since: datetime) -> list[UUID]:
    """Workspaces of which a turn since then carried a skill."""
    with directory():
        rows = SkillStat.objects.across_tenants().filter(hour__gte=since)
        return list(rows.order_by().values_list("tenant_id", flat=True).distinct())


def _in_prompts(tenant_id: UUID) -> Sequence[UUID]:
    rows = Skill.objects.for_tenant(tenant_id)
    live = rows.filter(status=Skill.Status.LIVE).values_list("live_version", flat=True)
    trials = rows.filter(trial_id__isnull=False).values_list("trial_version", flat=True)
    return [one for one in (*live, *trials) if one is not None]


def _daily(stats: QuerySet[SkillStat]) -> dict[UUID, tuple[int, ...]]:
    """Uses by day, up to today, the oldest first. Days are those of UTC."""
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=DRAWN_DAYS - 1)
    rows = stats.filter(hour__gte=first, uses__gt=0).order_by().annotate(day=TruncDay("hour"))
    found: dict[UUID, list[int]] = {}
    for row in rows.values("version_id", "day").annotate(n=Sum("uses")):
        place = (row["day"] - first).days
        if 0 <= place < DRAWN_DAYS:
            found.setdefault(row["version_id"], [0] * DRAWN_DAYS)[place] = row["n"]
    return {version_id: tuple(days) for version_id, days in found.items()}
