"""The workspace that is measured, and what the recorder has stored of it.

Needs a configured Django: ``bench.__main__`` sets it up before it imports this.
"""

from dataclasses import dataclass
from uuid import UUID

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.skills import bank
from apps.skills.models import Skill
from apps.skills.services import bank_install, skill_publish
from apps.tenants.services import key_create, tenant_create, tenant_update
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn, TurnSkill
from apps.upstreams.services import upstream_create
from bench import prompts

_LIBRARY = 1_000
# More than what providers of that kind speak by themselves.
_SPOKEN = {"openai": ("openai", "responses")}


@dataclass(frozen=True, slots=True)
class Workspace:
    tenant_id: UUID
    key: str
    # The API that its provider speaks.
    kind: str = "openai"

    def count_turns(self) -> int:
        """Complete turns in Postgres."""
        with tenant_tx(self.tenant_id):
            turns = Turn.objects.for_tenant(self.tenant_id)
            return turns.filter(status=Turn.Status.COMPLETE).count()

    def count_turns_with_skill(self) -> int:
        """Turns on record as having carried exactly the skill of the benchmark."""
        with tenant_tx(self.tenant_id):
            used = TurnSkill.objects.for_tenant(self.tenant_id)
            if used.exclude(slug=prompts.SKILL_SLUG).exists():
                return 0
            return used.count()


def create(upstream_url: str, *, kind: str = "openai") -> Workspace:
    """A new workspace with 1,000 skills, of which one goes into each request."""
    slug = f"bench-{uuid7().hex[-12:]}"
    tenant = tenant_create(slug=slug, name="Benchmark")
    bank_install(tenant_id=tenant.id, docs=bank.load_bank())
    bank_install(tenant_id=tenant.id, docs=prompts.others(_LIBRARY - len(bank.load_bank()) - 1))
    skill_publish(
        tenant_id=tenant.id, actor=SYSTEM, doc=prompts.skill(), source=Skill.Source.WRITTEN
    )
    tenant_update(tenant_id=tenant.id, actor=SYSTEM, max_skills=1)
    upstream_create(
        tenant_id=tenant.id,
        actor=SYSTEM,
        name="fake",
        kind=kind,
        base_url=upstream_url,
        api_key="fake-provider-key",
        model="bench-1",
        dialects=_SPOKEN.get(kind),
    )
    _, key = key_create(tenant_id=tenant.id, actor=SYSTEM, name="bench", scopes=["gateway"])
    return Workspace(tenant.id, key, kind)
