"""The installation's signing keys: one in use, those before it known by their public half."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.core import crypto
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.exports.container.signing import (
    Signature,
    key_id_of,
    new_private_key,
    public_key_of,
    sign,
)
from apps.exports.models import SigningKey


@dataclass(frozen=True, slots=True)
class Signer:
    """The key in use, opened: one document is signed with the key that it names."""

    key_id: str
    _private_key: bytes = field(repr=False)

    def sign(self, document: bytes) -> Signature:
        return sign(self._private_key, document)


def signer_get() -> Signer:
    """The installation's signer; its first key is made when it is first needed."""
    row = _in_use() or _made()
    assert row.sealed_private_key is not None  # a constraint of the table
    private_key = crypto.unseal(
        settings.METACLAW_MASTER_KEY, row.sealed_private_key, context=_context(row)
    )
    return Signer(row.key_id, private_key)


def signing_key_rotate() -> SigningKey:
    """Sign with a new key from now on. What older ones signed can be checked as before."""
    with transaction.atomic():
        SigningKey.objects.select_for_update().filter(is_in_use=True).update(
            is_in_use=False, sealed_private_key=None, retired_at=now()
        )
        return _store_new()


def _in_use() -> SigningKey | None:
    return SigningKey.objects.filter(is_in_use=True).first()


def _made() -> SigningKey:
    try:
        with transaction.atomic():
            return _store_new()
    except IntegrityError:
        # Somebody else made it at the same time.
        return SigningKey.objects.get(is_in_use=True)


def _store_new() -> SigningKey:
    private_key = new_private_key()
    public_key = public_key_of(private_key)
    row = SigningKey(id=uuid7(), key_id=key_id_of(public_key), public_key=public_key)
    row.sealed_private_key = crypto.seal(
        settings.METACLAW_MASTER_KEY, private_key, context=_context(row)
    )
    row.save(force_insert=True)
    return row


def _context(row: SigningKey) -> str:
    return f"signing:{row.id}"
