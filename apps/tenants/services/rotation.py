"""A new secret for a key, while the old one goes on working for a while."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from apps.core import crypto
from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, selectors
from apps.tenants.errors import KeyInvalid
from apps.tenants.models import ApiKey
from apps.tenants.services.access import key_changed
from apps.tenants.services.audit import audit_record
from apps.tenants.types import Actor

_PREVIOUS = ["previous_digest", "previous_last4", "previous_until"]


def key_rotate(
    *, tenant_id: UUID, actor: Actor, key_id: UUID, overlap: timedelta
) -> tuple[ApiKey, str]:
    """Give a key a new secret; the second value is its text, which nobody can ever see again.

    It stays the same key: its limits, its usage and its agent go on. The secret until now works
    for ``overlap`` more, and one from an earlier rotation ends at once. Raises KeyInvalid for a
    key that is revoked or expired.
    """
    at = now()
    with tenant_tx(tenant_id):
        row = _held(tenant_id, key_id)
        if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= at):
            raise KeyInvalid(say("key_ended", "This key has ended. Make a new one."))
        key, text = keys.mint_again(row.public_id)
        row.previous_digest = row.digest if overlap else None
        row.previous_last4 = row.last4 if overlap else ""
        row.previous_until = at + overlap if overlap else None
        row.digest = crypto.keyed_digest(settings.METACLAW_KEY_PEPPER, key.secret)
        row.last4 = text[-4:]
        row.rotated_at = at
        row.save(update_fields=["digest", "last4", "rotated_at", *_PREVIOUS])
        until = f"{row.previous_until:%Y-%m-%d %H:%M} UTC" if overlap else "now"
        _note(row, actor, "key.rotated", f"the secret before it works until {until}")
    return row, text


def key_rotation_finish(*, tenant_id: UUID, actor: Actor, key_id: UUID) -> ApiKey:
    """End the secret before the last rotation at once. Where there is none, nothing changes."""
    with tenant_tx(tenant_id):
        row = _held(tenant_id, key_id)
        if row.previous_digest is None:
            return row
        row.previous_digest, row.previous_last4, row.previous_until = None, "", None
        row.save(update_fields=_PREVIOUS)
        _note(row, actor, "key.rotation_finished", "the secret before the rotation ended")
    return row


def _held(tenant_id: UUID, key_id: UUID) -> ApiKey:
    """The key as it is now. Of two rotations at once the second begins with the first's secret."""
    found = selectors.key_get(tenant_id=tenant_id, key_id=key_id)
    return ApiKey.objects.for_tenant(tenant_id).select_for_update().get(id=found.id)


def _note(row: ApiKey, actor: Actor, action: str, detail: str) -> None:
    audit_record(
        tenant_id=row.tenant_id, actor=actor, action=action, subject=row.name, detail=detail
    )
    key_changed(row, "rotated")
