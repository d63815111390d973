"""Where the story plays: Larkfield Freight, an imaginary parcel company, and who works there."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from django.conf import settings

from apps.evolution.services import annotation_policy_set, learning_policy_set
from apps.integrations.practice.chat import MODEL_ID
from apps.tenants.models import ApiKey
from apps.tenants.services import agent_create, key_create
from apps.tenants.types import SYSTEM, Actor
from apps.training.services.windows import window_rules_set
from apps.upstreams.selectors import serving_find
from apps.upstreams.services import upstream_create
from apps.usage.services import limit_create, price_set
from apps.usage.types import Price

NAME = "Larkfield Freight"
TRAINER = "trainer (simulated)"
# Ends in .invalid: nobody is ever there. https://www.rfc-editor.org/rfc/rfc2606#section-2
_NOWHERE = "https://trainer.demo.invalid/services/tinker-prod/oai/api/v1"
_NAMESPACE = UUID("6d0f5f52-5f0a-4f8e-9b7f-0f9d2c1c7a11")
_DOLLAR = 1_000_000


def _person(name: str) -> Actor:
    return Actor("user", str(uuid5(_NAMESPACE, name)), f"{name} (demo)")


# They decide things in the story, and have no account.
REVIEWER = _person("Mira Holt")
COLLEAGUE = _person("Jonas Berg")


@dataclass(frozen=True, slots=True)
class DemoAgent:
    name: str
    description: str


AGENTS = (
    DemoAgent("dispatch", "Answers drivers and depots."),
    DemoAgent("support", "Drafts what customers are told."),
    DemoAgent("coder", "Works in the repositories."),
    DemoAgent("operator", "Looks after servers and reports."),
)


def workspace_furnish(*, tenant_id: UUID) -> None:
    """What a workspace in use has, in the transaction that makes it."""
    # Where the installation has a practice model, it answers what is tried here.
    if settings.METACLAW_PRACTICE_URL and serving_find(tenant_id=tenant_id) is None:
        upstream_create(
            tenant_id=tenant_id,
            actor=SYSTEM,
            name="practice",
            kind="practice",
            base_url=settings.METACLAW_PRACTICE_URL,
            model=MODEL_ID,
        )
    upstream_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        name=TRAINER,
        kind="tinker",
        base_url=_NOWHERE,
        api_key="tml-simulated",
    )
    for agent in AGENTS:
        agent_create(
            tenant_id=tenant_id, actor=SYSTEM, name=agent.name, description=agent.description
        )
        # Its text is told to nobody.
        key_create(
            tenant_id=tenant_id,
            actor=SYSTEM,
            name=f"{agent.name} (demo)",
            scopes=[ApiKey.Scope.GATEWAY],
            agent=agent.name,
        )
    # Made up, so that there are sums to look at.
    price = Price(3 * _DOLLAR, 15 * _DOLLAR, _DOLLAR // 3, 4 * _DOLLAR)
    price_set(tenant_id=tenant_id, actor=SYSTEM, pattern=f"{MODEL_ID}*", price=price)
    limit_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        scope="tenant",
        day_micros=_DOLLAR,
        month_micros=5 * _DOLLAR,
    )
    limit_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        scope="agent",
        subject="coder",
        day_micros=_DOLLAR // 2,
        requests_per_minute=60,
    )
    nights = [{"weekday": day, "starts": "22:00", "ends": "06:00"} for day in range(7)]
    window_rules_set(
        tenant_id=tenant_id, actor=SYSTEM, hours=nights, idle_minutes=45, max_minutes=240
    )
    # The story says when the evolver is asked; afterwards people do.
    learning_policy_set(tenant_id=tenant_id, actor=SYSTEM, on_failure=False)
    annotation_policy_set(
        tenant_id=tenant_id, actor=SYSTEM, share_failed=12, share_neutral=5, share_passed=6
    )
