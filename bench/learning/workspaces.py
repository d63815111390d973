"""A fresh workspace for each arm that goes through the gateway.

Needs a configured Django: there is no public interface that makes workspaces. Everything after
this goes through the gateway and the REST interface.
"""

from apps.evolution.services import learning_policy_set, review_policy_set
from apps.skills import bank
from apps.skills.services import bank_install
from apps.tenants.services import key_create, tenant_create, tenant_update
from apps.tenants.types import SYSTEM
from apps.upstreams.services import upstream_create
from bench.learning.provider import Provider
from bench.learning.sandbox import TOOLS
from metaclaw_web.cli.connection import Connection


def create(
    slug: str,
    *,
    mode: str,
    has_bank: bool,
    approves: bool,
    provider: Provider,
    console: str,
    gateway: str,
) -> Connection:
    """``approves``: the workspace's policy approves clean proposals by itself."""
    tenant = tenant_create(slug=slug, name=f"House rules: {slug}")
    if has_bank:
        bank_install(tenant_id=tenant.id, docs=bank.load_bank())
    upstream_create(
        tenant_id=tenant.id,
        actor=SYSTEM,
        name="provider",
        kind=provider.kind,
        base_url=provider.url,
        api_key=provider.key,
        model=provider.model,
        uses=["serve", "judge", "evolve"],
    )
    tenant_update(tenant_id=tenant.id, actor=SYSTEM, mode=mode)
    # Every task is a session of its own, and a rule is to be learned from its first breach.
    learning_policy_set(tenant_id=tenant.id, actor=SYSTEM, min_sessions=1, daily_runs=None)
    review_policy_set(
        tenant_id=tenant.id,
        actor=SYSTEM,
        auto_approval="clean_checks" if approves else "off",
        # They read and write the scratch folder and nothing else.
        trusted_tools=[tool["function"]["name"] for tool in TOOLS],
    )
    keys = {
        scope: key_create(tenant_id=tenant.id, actor=SYSTEM, name=scope, scopes=[scope])[1]
        for scope in ("gateway", "admin")
    }
    return Connection(
        console_url=console,
        gateway_url=gateway,
        tenant=slug,
        api_key=keys["gateway"],
        admin_key=keys["admin"],
    )
