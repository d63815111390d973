"""Two workspaces with one row of every kind that a route can name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps

from apps.core.tenancy import TenantOwned, directory
from apps.evolution.models import Canary, Proposal, Replay
from apps.skills.models import Skill
from apps.tenants.models import Agent, ApiKey, Tenant
from apps.tenants.services import agent_create, key_create
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn
from apps.upstreams.models import Route, Upstream
from apps.upstreams.services import route_create
from apps.usage.models import Limit
from apps.usage.services import limit_create, price_set, usage_record
from apps.usage.types import Price
from tests.factories import (
    TenantFactory,
    make_canary,
    make_doc,
    make_fact,
    make_pack,
    make_proposal,
    make_replay,
    make_skill,
    make_upstream,
)

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantOwned)]


@dataclass(frozen=True)
class Workspace:
    tenant: Tenant
    skill: Skill
    upstream: Upstream
    spare: Upstream
    key: ApiKey
    turn: Turn
    proposal: Proposal
    agent: Agent
    route: Route
    limit: Limit
    pack: str
    replay: Replay
    canary: Canary
    admin_secret: str

    @property
    def text(self) -> str:
        """A text that the skill's editor would accept."""
        return make_doc(self.skill.slug, body="# Dates\n\n1. Write dates as YYYY-MM-DD.").text

    @property
    def sha256(self) -> str:
        assert self.skill.live_version is not None
        return self.skill.live_version.sha256


def make_workspace(name: str) -> Workspace:
    tenant = TenantFactory(slug=name)
    proposal, turn = make_proposal(tenant.id, slug=f"proposed-in-{name}")
    key, _ = key_create(tenant_id=tenant.id, actor=SYSTEM, name="ci", scopes=["read"])
    _, secret = key_create(tenant_id=tenant.id, actor=SYSTEM, name="admin", scopes=["admin"])
    first = make_upstream(tenant.id, name="first")
    price = Price(1, 2, 3, 4)
    price_set(tenant_id=tenant.id, actor=SYSTEM, pattern=f"model-of-{name}", price=price)
    usage_record(tenant_id=tenant.id, facts=[make_fact(key_id=key.id)])
    targets = [{"upstream": str(first.id)}]
    return Workspace(
        tenant=tenant,
        skill=make_skill(tenant.id, f"skill-of-{name}"),
        upstream=first,
        agent=agent_create(tenant_id=tenant.id, actor=SYSTEM, name="coder"),
        route=route_create(tenant_id=tenant.id, actor=SYSTEM, model="smart", targets=targets),
        spare=make_upstream(tenant.id, name="spare"),
        key=key,
        pack=make_pack(tenant.id, f"pack-of-{name}"),
        turn=turn,
        proposal=proposal,
        replay=make_replay(proposal),
        canary=make_canary(tenant.id, slug=f"tried-in-{name}"),
        limit=limit_create(tenant_id=tenant.id, actor=SYSTEM, scope="tenant", day_micros=10**9),
        admin_secret=secret,
    )


def rows_of(tenant_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything the database holds for a workspace, to compare before and after."""
    with directory():
        return {
            model._meta.label: [
                # Binary columns come as memoryviews, which never equal each other.
                {name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()}
                for row in model.objects.across_tenants()
                .filter(tenant_id=tenant_id)
                .order_by("id")
                .values()
            ]
            for model in TENANT_MODELS
        }
