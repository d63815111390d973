from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import selectors
from apps.tenants.errors import AgentTaken
from apps.tenants.models import Agent
from apps.tenants.services.audit import audit_record
from apps.tenants.services.tenant import config_changed
from apps.tenants.types import Actor


def agent_create(*, tenant_id: UUID, actor: Actor, name: str, **fields: Any) -> Agent:
    """Give an agent settings of its own. Raises AgentTaken."""
    with tenant_tx(tenant_id):
        row = Agent(id=uuid7(), tenant_id=tenant_id, name=name, **fields)
        return _save(row, actor, "agent.created")


def agent_update(*, tenant_id: UUID, actor: Actor, agent_id: UUID, **fields: Any) -> Agent:
    with tenant_tx(tenant_id):
        row = selectors.agent_get(tenant_id=tenant_id, agent_id=agent_id)
        for name, value in fields.items():
            setattr(row, name, value)
        return _save(row, actor, "agent.changed")


def agent_delete(*, tenant_id: UUID, actor: Actor, agent_id: UUID) -> None:
    """Take an agent's settings away; from then on the workspace's hold for it."""
    with tenant_tx(tenant_id):
        row = selectors.agent_get(tenant_id=tenant_id, agent_id=agent_id)
        row.delete()
        _noted(tenant_id, actor, "agent.deleted", row.name)


def _save(row: Agent, actor: Actor, action: str) -> Agent:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as exc:
        english = "There is an agent called {name} already."
        raise AgentTaken(say("agent_taken", english, name=row.name)) from exc
    _noted(row.tenant_id, actor, action, row.name)
    return row


def _noted(tenant_id: UUID, actor: Actor, action: str, name: str) -> None:
    audit_record(tenant_id=tenant_id, actor=actor, action=action, subject=name)
    config_changed(tenant_id=tenant_id)
