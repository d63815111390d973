"""What other apps get to see of tenants."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from apps.core import crypto

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


# A digest that no secret has: what an unknown key is compared with, at the cost of a known one.
NO_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True)
class SecretMatch:
    """A secret that is a key's, and until when it may be used; None: for good."""

    until: datetime | None

    def is_usable(self, at: datetime) -> bool:
        return self.until is None or self.until > at


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
    # The secret before the last rotation, and how long it goes on working.
    previous_digest: bytes = b""
    previous_until: datetime | None = None

    def secret_matches(self, computed: bytes) -> "SecretMatch | None":
        """Which of its secrets has this digest; None: neither.

        Takes the same time whichever it is.
        """
        is_current = crypto.same(self.digest, computed)
        is_previous = crypto.same(self.previous_digest or NO_DIGEST, computed)
        if is_current:
            return SecretMatch(self.expires_at)
        if is_previous and self.previous_until is not None:
            ends = [end for end in (self.expires_at, self.previous_until) if end is not None]
            return SecretMatch(min(ends))
        return None


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whose key a public id names. The id alone proves nothing about who says it."""

    tenant_id: UUID
    key_id: UUID
    # Empty: the key can be used.
    why_not: str


@dataclass(frozen=True, slots=True)
class RefusedFact:
    """Requests with a key that a gateway turned away before any provider heard of them."""

    key_id: UUID
    code: str
    http_status: int
    is_authenticated: bool
    detail: str
    times: int
    at: datetime


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


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class CompanyAccount:
    provider: str
    uid: str
    email: str
    connected_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class SignInMethods:
    """What a person can sign in with; none of it opens anything by being known."""

    has_password: bool
    app_since: datetime | None
    app_used_at: datetime | None
    recovery_codes_left: int
    passkeys: tuple[Passkey, ...]
    company_accounts: tuple[CompanyAccount, ...]
