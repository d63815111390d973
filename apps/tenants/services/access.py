from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.core import crypto
from apps.core.clock import now
from apps.core.events import Changed, publish_on_commit
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, selectors
from apps.tenants.errors import KeyInvalid
from apps.tenants.models import ApiKey, Membership
from apps.tenants.services.audit import audit_record
from apps.tenants.services.tenant import config_changed
from apps.tenants.types import Actor


def member_add(*, tenant_id: UUID, user_id: UUID, role: str) -> Membership:
    with tenant_tx(tenant_id):
        return Membership.objects.create(tenant_id=tenant_id, user_id=user_id, role=role)


def key_create(
    *,
    tenant_id: UUID,
    actor: Actor,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    is_internal: bool = False,
    agent: str = "",
    passes_credentials: bool = False,
    path_allowed: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key; the second value is its text, which nobody can ever see again.

    Raises KeyInvalid for an end in the past and for options that the scopes rule out.
    """
    if expires_at is not None and expires_at <= now():
        past = say("key_past", "A key cannot expire in the past.")
        raise KeyInvalid.of("expires_at", past)
    _check_options(scopes, passes_credentials=passes_credentials, path_allowed=path_allowed)
    key, text = keys.mint()
    with tenant_tx(tenant_id):
        row = ApiKey.objects.create(
            tenant_id=tenant_id,
            name=name,
            public_id=key.public_id,
            last4=text[-4:],
            digest=crypto.keyed_digest(settings.METACLAW_KEY_PEPPER, key.secret),
            scopes=sorted(set(scopes)),
            created_by=actor.label,
            expires_at=expires_at,
            is_internal=is_internal,
            agent=agent,
            passes_credentials=passes_credentials,
            path_allowed=path_allowed,
        )
        if not is_internal:
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="key.created",
                subject=name,
                detail=", ".join(row.scopes),
            )
        key_changed(row, "created")
    return row, text


def key_update(*, tenant_id: UUID, actor: Actor, key_id: UUID, **fields: Any) -> ApiKey:
    """Change a key's name, agent or options; gateways know within a second.

    Its scopes stay: what a key may do does not grow after it was handed out. Raises KeyInvalid.
    """
    with tenant_tx(tenant_id):
        row = selectors.key_get(tenant_id=tenant_id, key_id=key_id)
        if not fields:
            return row
        for name, value in fields.items():
            setattr(row, name, value)
        _check_options(
            row.scopes, passes_credentials=row.passes_credentials, path_allowed=row.path_allowed
        )
        row.save(update_fields=list(fields))
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="key.changed",
            subject=row.name,
            detail=", ".join(f"{name}: {value}" for name, value in sorted(fields.items())),
        )
        key_changed(row, "changed")
    return row


def _check_options(
    scopes: Collection[str], *, passes_credentials: bool, path_allowed: bool
) -> None:
    if passes_credentials and ApiKey.Scope.GATEWAY not in scopes:
        english = "Only a key that sends model requests can pass credentials on."
        message = say("key_credentials", english)
        raise KeyInvalid.of("passes_credentials", message)
    if path_allowed and set(scopes) != {ApiKey.Scope.GATEWAY}:
        # Addresses end up in logs and histories, where nobody keeps secrets.
        english = "Only a key that can do nothing but send model requests may be in an address."
        message = say("key_in_address", english)
        raise KeyInvalid.of("path_allowed", message)


def key_revoke(*, tenant_id: UUID, actor: Actor, key_id: UUID, is_noted: bool = True) -> ApiKey:
    """End a key for good. Revoking twice changes nothing; ``is_noted``: in the audit log."""
    with tenant_tx(tenant_id):
        row = selectors.key_get(tenant_id=tenant_id, key_id=key_id)
        if row.revoked_at is None:
            row.revoked_at = now()
            row.save(update_fields=["revoked_at"])
            if is_noted:
                audit_record(
                    tenant_id=tenant_id, actor=actor, action="key.revoked", subject=row.name
                )
            key_changed(row, "revoked")
    return row


def key_changed(row: ApiKey, status: str) -> None:
    """Tell gateways, and open pages."""
    config_changed(tenant_id=row.tenant_id)
    publish_on_commit(row.tenant_id, Changed("tenants.key", str(row.id), status))


def keys_used(*, tenant_id: UUID, used: Mapping[UUID, datetime]) -> None:
    """Note when keys were last used. Pages hear of the turns that used them."""
    with tenant_tx(tenant_id):
        for key_id, at in used.items():
            ApiKey.objects.for_tenant(tenant_id).filter(id=key_id).update(last_used_at=at)
