"""What other apps get to see of tenants."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

CONFIG_CHANNEL = "metaclaw:config"  # Redis: the id of a tenant whose configuration moved


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: for the audit log and for what they may do."""

    kind: Literal["user", "key", "system"]
    id: str
    label: str


SYSTEM = Actor("system", "", "MetaClaw")


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """An API key as a gateway keeps it in memory."""

    key_id: UUID
    tenant_id: UUID
    public_id: str
    name: str
    digest: bytes
    scopes: frozenset[str]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class TenantConfig:
    """A workspace's settings as a gateway keeps them in memory."""

    tenant_id: UUID
    slug: str
    mode: str
    max_skills: int
    skill_token_budget: int
    config_version: int
