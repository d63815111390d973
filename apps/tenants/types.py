"""What other apps get to see of tenants."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

INJECTING_MODES = frozenset({"skills", "auto"})
# Names that the reference implementation has for the same.
MODE_ALIASES = {"skills_only": "skills", "madmax": "auto"}
# Something that an HTTP header can carry.
AGENT_NAME = re.compile(r"[!-~]+(?: [!-~]+)*")
AGENT_NAME_LENGTH = 120
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
    agent: str = ""
    passes_credentials: bool = False
    path_allowed: bool = False


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """An agent's settings, with the workspace's in the place of those it does not have."""

    name: str
    mode: str
    max_skills: int
    skill_token_budget: int

    @property
    def injects(self) -> bool:
        """Whether skills go into its prompts."""
        return self.mode in INJECTING_MODES


@dataclass(frozen=True, slots=True)
class TenantConfig:
    """A workspace's settings as a gateway keeps them in memory."""

    tenant_id: UUID
    slug: str
    mode: str
    max_skills: int
    skill_token_budget: int
    config_version: int
    agents: Mapping[str, AgentConfig] = field(default_factory=dict)

    def of_agent(self, name: str) -> AgentConfig:
        """What holds for an agent; for one without settings of its own, the workspace's."""
        found = self.agents.get(name)
        if found is None:
            found = AgentConfig("", self.mode, self.max_skills, self.skill_token_budget)
        return found
