"""Working out how versions do beside each other, and telling the gateways where that moved."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.skills import selectors, standing
from apps.skills.models import SkillStanding
from apps.skills.types import Outcomes
from apps.tenants.services import config_changed

# What was longer ago says little about the models and the work of today.
LOOKED_BACK = timedelta(days=90)


def standings_sweep() -> int:
    """Look at every workspace whose skills were used; answers with how many versions moved."""
    found = selectors.tenants_with_outcomes(since=now() - LOOKED_BACK)
    return sum(standings_set(tenant_id=tenant_id) for tenant_id in found)


def standings_set(*, tenant_id: UUID) -> int:
    """Write down what moved by more than noise, at once; gateways load the library anew then.

    Sessions keep what stands in their prompts: only what is chosen from now on is ranked so.
    """
    with tenant_tx(tenant_id):
        outcomes = selectors.outcomes_of(tenant_id=tenant_id, since=now() - LOOKED_BACK)
        rows = SkillStanding.objects.for_tenant(tenant_id)
        before = dict(rows.values_list("version_id", "factor"))
        # What has no outcomes any more, being so long ago, is neutral again.
        outcomes = dict.fromkeys(before, Outcomes()) | outcomes
        moved = [
            row
            for row in _standings(tenant_id, outcomes)
            if standing.is_moved(before.get(row.version_id, 1.0), row.factor)
        ]
        if moved:
            SkillStanding.objects.bulk_create(
                moved,
                update_conflicts=True,
                unique_fields=["tenant", "version"],
                update_fields=["factor", "passed", "failed", "updated_at"],
            )
            config_changed(tenant_id=tenant_id)
    return len(moved)


def _standings(tenant_id: UUID, outcomes: Mapping[UUID, Outcomes]) -> list[SkillStanding]:
    """In the order of their versions: two sweeps at once never deadlock."""
    return [
        SkillStanding(
            tenant_id=tenant_id,
            version_id=version_id,
            factor=factor,
            passed=outcomes[version_id].passed,
            failed=outcomes[version_id].failed,
        )
        for version_id, factor in sorted(standing.factors(outcomes).items())
    ]
