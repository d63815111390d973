"""Sealing of secrets: AES-256-GCM envelopes with the purpose bound in.

A tenant has its own data key, wrapped by the installation's master key. Destroying the
data key destroys everything sealed with it, backups included. The ``context`` is
authenticated but not stored: a ciphertext moved to another row, tenant or address does
not open.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_KEY_BYTES = 32


class CannotUnseal(Exception):
    """The ciphertext, the key or the context does not belong to the others."""


def new_key() -> bytes:
    """A fresh 256-bit key."""
    return secrets.token_bytes(_KEY_BYTES)


def seal(key: bytes, plaintext: bytes, *, context: str) -> bytes:
    """Encrypt ``plaintext``; the result is nonce, then ciphertext with its tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, context.encode())


def unseal(key: bytes, sealed: bytes | memoryview, *, context: str) -> bytes:
    """Undo :func:`seal`. Raises CannotUnseal when key, text or context do not match."""
    nonce, ciphertext = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, context.encode())
    except (InvalidTag, ValueError) as exc:  # ValueError: too short to hold a nonce
        raise CannotUnseal(f"sealed value does not open for {context!r}") from exc


def keyed_digest(pepper: bytes, secret: str) -> bytes:
    """HMAC-SHA256 of a high-entropy secret: what is stored instead of it."""
    return hmac.new(pepper, secret.encode(), hashlib.sha256).digest()


def same(left: bytes, right: bytes) -> bool:
    """Compare without telling by the time it takes where the first difference is."""
    return hmac.compare_digest(left, right)
