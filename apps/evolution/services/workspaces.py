"""A workspace that somebody makes for themselves, ready for its first request."""

import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from apps.core.errors import Forbidden
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.skills import bank
from apps.skills.services import pack_install
from apps.tenants import selectors as tenants
from apps.tenants import services
from apps.tenants.errors import TenantTaken
from apps.tenants.models import ApiKey, Membership, Tenant, User
from apps.tenants.types import Actor
from apps.upstreams.services import upstream_create

_SLUG_LENGTH = 40
# Names that come out the same get a number; more of them than this is no accident.
_SAME_NAME_MOST = 50


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """``secret``: the text of its first key, which nobody can ever see again."""

    slug: str
    name: str
    secret: str

    def __repr__(self) -> str:
        return f"NewWorkspace({self.slug})"


def workspace_create(*, user: User, name: str, time_zone: str) -> NewWorkspace:
    """Make a workspace owned by ``user``, with the built-in skills and a key for agents.

    Where only the practice model answers, it answers here too. A provider's key that the
    installation was given is not handed on: it is its first workspace's. Raises Forbidden.
    """
    refusal = tenants.creation_refusal(user_id=user.pk)
    if refusal is not None:
        raise Forbidden(refusal)
    actor = Actor("user", str(user.pk), user.name or user.email)
    with transaction.atomic():
        tenant = _tenant_named(name)
        with tenant_tx(tenant.id):
            services.member_add(tenant_id=tenant.id, user_id=user.pk, role=Membership.Role.OWNER)
            services.audit_record(
                tenant_id=tenant.id, actor=actor, action="workspace.created", subject=name
            )
            services.tenant_update(tenant_id=tenant.id, actor=actor, time_zone=time_zone)
            pack_install(tenant_id=tenant.id, actor=actor, pack=bank.bank_pack(), source="bank")
            _practise(tenant, actor)
            _, secret = services.key_create(
                tenant_id=tenant.id,
                actor=actor,
                name="First gateway key",
                scopes=[ApiKey.Scope.GATEWAY],
            )
    return NewWorkspace(tenant.slug, tenant.name, secret)


def _practise(tenant: Tenant, actor: Actor) -> None:
    if settings.METACLAW_PRACTICE_URL and not settings.METACLAW_UPSTREAM_URL:
        upstream_create(
            tenant_id=tenant.id,
            actor=actor,
            name="practice",
            kind="practice",
            base_url=settings.METACLAW_PRACTICE_URL,
            model="practice-1",
        )


def _tenant_named(name: str) -> Tenant:
    base = slug_of(name)
    for number in range(1, _SAME_NAME_MOST):
        tail = f"-{number}" if number > 1 else ""
        try:
            return services.tenant_create(slug=base[: _SLUG_LENGTH - len(tail)] + tail, name=name)
        except TenantTaken:
            continue
    return services.tenant_create(slug=f"w-{uuid7().hex[-12:]}", name=name)


def slug_of(name: str) -> str:
    """Letters and digits of a name, as they may stand in an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].rstrip("-") or "workspace"
