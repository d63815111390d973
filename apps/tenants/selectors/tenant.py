from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from apps.core import crypto
from apps.core.errors import NotFound
from apps.tenants.models import Agent, Tenant
from apps.tenants.types import AgentConfig, TenantConfig


def tenant_get(*, tenant_id: UUID) -> Tenant:
    found = Tenant.objects.filter(id=tenant_id).first()
    if found is None:
        raise NotFound
    return found


def tenant_find(*, slug: str) -> Tenant | None:
    return Tenant.objects.filter(slug=slug).first()


def tenant_ids() -> list[UUID]:
    """Every tenant that stays, oldest first: for sweeps, which then enter each one."""
    staying = Tenant.objects.filter(deleting_since__isnull=True)
    return list(staying.order_by("id").values_list("id", flat=True))


def tenants_missing(tenant_ids: Iterable[UUID]) -> list[UUID]:
    """Those of them that do not exist, or not any more."""
    wanted = list(tenant_ids)
    known = set(Tenant.objects.filter(id__in=wanted).values_list("id", flat=True))
    return [tenant_id for tenant_id in wanted if tenant_id not in known]


def tenant_config(*, tenant_id: UUID) -> TenantConfig:
    row = tenant_get(tenant_id=tenant_id)
    return TenantConfig(
        tenant_id=row.id,
        slug=row.slug,
        mode=row.mode,
        max_skills=row.max_skills,
        skill_token_budget=row.skill_token_budget,
        config_version=row.config_version,
        agents={
            agent.name: AgentConfig(
                name=agent.name,
                mode=agent.mode or row.mode,
                max_skills=_or(agent.max_skills, row.max_skills),
                skill_token_budget=_or(agent.skill_token_budget, row.skill_token_budget),
            )
            for agent in Agent.objects.for_tenant(tenant_id)
        },
    )


def _or(own: int | None, inherited: int) -> int:
    return inherited if own is None else own


def config_versions(*, tenant_ids: list[UUID]) -> dict[UUID, int]:
    """The configuration version of each of the tenants: what gateways compare with theirs."""
    rows = Tenant.objects.filter(id__in=tenant_ids)
    return dict(rows.values_list("id", "config_version"))


def tenant_data_key(*, tenant_id: UUID) -> bytes:
    """The tenant's data key, unwrapped. Never stored, never logged."""
    sealed = tenant_get(tenant_id=tenant_id).sealed_data_key
    return crypto.unseal(settings.METACLAW_MASTER_KEY, sealed, context=f"tenant:{tenant_id}")


def tenants_over(*, at: datetime) -> list[UUID]:
    """Those whose time to go has come."""
    return list(Tenant.objects.filter(delete_after__lte=at).values_list("id", flat=True))
