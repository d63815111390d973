"""Getting in: what the owner of an installation needs, made new."""

import secrets
from dataclasses import asdict, dataclass
from uuid import UUID

from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import selectors
from apps.tenants.models import ApiKey, User
from apps.tenants.services.access import key_create, member_add
from apps.tenants.services.audit import audit_record
from apps.tenants.services.sign_in import second_factors_remove
from apps.tenants.services.tenant import user_create
from apps.tenants.types import SYSTEM


@dataclass(frozen=True, slots=True)
class OwnerAccess:
    """Sign-in and keys in clear text: told once, stored nowhere by us."""

    email: str
    password: str
    tenant: str
    api_key: str
    admin_key: str

    def __repr__(self) -> str:
        return f"OwnerAccess({self.email}, {self.tenant})"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def owner_create(*, tenant_id: UUID, slug: str, email: str) -> OwnerAccess:
    """The owner of a new workspace, with its first keys."""
    password = secrets.token_urlsafe(12)
    owner = user_create(email=email, password=password, name="Owner")
    with tenant_tx(tenant_id):
        member_add(tenant_id=tenant_id, user_id=owner.id, role="owner")
        return _with_keys(tenant_id, slug, email, password, "First")


def owner_access_reset(*, tenant_id: UUID, slug: str) -> OwnerAccess:
    """A new password for the first owner and two new keys, for when the old ones are lost.

    The owner's sessions and second factors end; keys that agents use go on working.
    Raises NotFound.
    """
    password = secrets.token_urlsafe(12)
    with tenant_tx(tenant_id):
        owner_id = selectors.first_owner_find(tenant_id=tenant_id)
        if owner_id is None:
            raise NotFound(say("workspace_no_owner", "This workspace has no owner."))
        owner = User.objects.get(id=owner_id)
        owner.set_password(password)
        owner.save(update_fields=["password"])
        second_factors_remove(user=owner)
        audit_record(tenant_id=tenant_id, actor=SYSTEM, action="access.reset", subject=owner.email)
        return _with_keys(tenant_id, slug, owner.email, password, "Reset")


def _with_keys(tenant_id: UUID, slug: str, email: str, password: str, which: str) -> OwnerAccess:
    _, api_key = key_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        name=f"{which} gateway key",
        scopes=[ApiKey.Scope.GATEWAY],
    )
    _, admin_key = key_create(
        tenant_id=tenant_id,
        actor=SYSTEM,
        name=f"{which} admin key",
        scopes=[ApiKey.Scope.READ, ApiKey.Scope.REVIEW, ApiKey.Scope.ADMIN],
    )
    return OwnerAccess(email, password, slug, api_key, admin_key)
