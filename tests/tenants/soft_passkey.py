"""A passkey without a device: what an authenticator and a browser answer, made here."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

_FLAG = AuthenticatorData.FLAG


class SoftPasskey:
    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin = origin
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = os.urandom(32)
        self._counter = 0
        self._user = ""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer of navigator.credentials.create()."""
        wanted = options["publicKey"]
        self._user = wanted["user"]["id"]
        credential = AttestedCredentialData.create(
            b"\0" * 16, self._id, ES256.from_cryptography_key(self._key.public_key())
        )
        data = AuthenticatorData.create(
            _digest(wanted["rp"]["id"].encode()), _FLAG.UP | _FLAG.UV | _FLAG.AT, 0, credential
        )
        return self._credential(
            {
                "clientDataJSON": self._client_data("webauthn.create", wanted["challenge"]),
                "attestationObject": AttestationObject.create("none", data, {}),
            }
        )

    def use(self, options: dict[str, Any], *, unlocked: bool = True) -> dict[str, Any]:
        """The answer of navigator.credentials.get()."""
        wanted = options["publicKey"]
        self._counter += 1
        flags = _FLAG.UP | (_FLAG.UV if unlocked else _FLAG(0))
        data = AuthenticatorData.create(_digest(wanted["rpId"].encode()), flags, self._counter)
        client_data = self._client_data("webauthn.get", wanted["challenge"])
        return self._credential(
            {
                "clientDataJSON": client_data,
                "authenticatorData": data,
                "signature": self._key.sign(data + _digest(client_data), ec.ECDSA(SHA256())),
            },
            userHandle=self._user,
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _credential(self, response: dict[str, bytes], **more: str) -> dict[str, Any]:
        return {
            "id": websafe_encode(self._id),
            "rawId": websafe_encode(self._id),
            "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in response.items()} | more,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
