"""Ed25519 signatures over documents, and the public keys they are checked with."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM: Final = "Ed25519"
# Signed before the document: a signature of ours is never one of something else.
_PURPOSE: Final = b"metaclaw-signed-document/1\n"
_PEM_END: Final = "-----END PUBLIC KEY-----"


class BadSignature(Exception):
    """What was signed, the signature or the key does not belong to the others."""


class BadKey(Exception):
    """A text that holds no public key of this kind."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature with the public key it claims to be made by."""

    key_id: str
    public_key: bytes
    value: bytes

    def packed(self) -> bytes:
        """As it is written beside what it signs."""
        return canonical(
            {
                "algorithm": ALGORITHM,
                "key_id": self.key_id,
                "public_key": base64.b64encode(self.public_key).decode(),
                "signature": base64.b64encode(self.value).decode(),
            }
        )

    @classmethod
    def unpacked(cls, raw: bytes) -> "Signature":
        """Raises BadSignature for what is not in the one form that :meth:`packed` writes."""
        try:
            read = json.loads(raw)
            found = cls(
                read["key_id"],
                base64.b64decode(read["public_key"], validate=True),
                base64.b64decode(read["signature"], validate=True),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise BadSignature("It cannot be read.") from exc
        if not isinstance(found.key_id, str) or found.packed() != raw:
            raise BadSignature("It is not as it was written.")
        return found


def canonical(document: Any) -> bytes:
    """The one way in which a document is written: keys in order, no blanks, ASCII only."""
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode("ascii")


def new_private_key() -> bytes:
    """The 32 bytes of a new private key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private_key: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def key_id_of(public_key: bytes) -> str:
    """What a key is called: the beginning of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def sign(private_key: bytes, document: bytes) -> Signature:
    public_key = public_key_of(private_key)
    value = Ed25519PrivateKey.from_private_bytes(private_key).sign(_PURPOSE + document)
    return Signature(key_id_of(public_key), public_key, value)


def check(signature: Signature, document: bytes, trusted: Iterable[bytes] | None) -> None:
    """Raises BadSignature. ``trusted``: public keys; None takes the key in the signature."""
    if signature.key_id != key_id_of(signature.public_key):
        raise BadSignature("The key is not the one that is named.")
    if trusted is not None and signature.public_key not in set(trusted):
        raise BadSignature(f"It was made with another key, {signature.key_id}.")
    try:
        key = Ed25519PublicKey.from_public_bytes(signature.public_key)
        key.verify(signature.value, _PURPOSE + document)
    except (InvalidSignature, ValueError) as exc:
        raise BadSignature("It does not fit what was signed.") from exc


def pem_of(public_key: bytes) -> str:
    """A public key as a text, for a file."""
    return (
        Ed25519PublicKey.from_public_bytes(public_key)
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def keys_in(text: str) -> list[bytes]:
    """Every public key in a PEM text. Raises BadKey, also for a text without any."""
    blocks = [block for block in text.split(_PEM_END) if block.strip()]
    return [_key_in(f"{block.strip()}\n{_PEM_END}\n") for block in blocks] or _no_key()


def _key_in(block: str) -> bytes:
    try:
        key = serialization.load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise BadKey("This is no public key in PEM form.") from exc
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey("This is a key of another kind; Ed25519 is needed.")
    return key.public_bytes_raw()


def _no_key() -> list[bytes]:
    raise BadKey("There is no public key in it.")
