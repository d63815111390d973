"""The text of an API key: ``mck_live_<id>_<secret><crc>``; of an invitation ``mci_…``, the same.

The id finds the row, the secret proves the right to it, the CRC lets a mistyped or guessed
key be refused without asking anything. After GitHub's token format:
https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
"""

import re
import secrets
import zlib
from dataclasses import dataclass

PREFIX = "mck_live_"
INVITATION_PREFIX = "mci_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 10
_SECRET_LENGTH = 43  # 256 bits in base 62
_CRC_LENGTH = 6
_SHAPE = re.compile(
    rf"([0-9A-Za-z]{{{_ID_LENGTH}}})_([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{{_CRC_LENGTH}}})"
)


@dataclass(frozen=True, slots=True)
class KeyText:
    public_id: str
    secret: str

    def __repr__(self) -> str:
        return f"KeyText({self.public_id}, …)"


def mint(prefix: str = PREFIX) -> tuple[KeyText, str]:
    """A new key: its parts, and the text that is given to its owner once."""
    key = KeyText(_random(_ID_LENGTH), _random(_SECRET_LENGTH))
    return key, text_of(key, prefix)


def mint_again(public_id: str) -> tuple[KeyText, str]:
    """A new secret for a key that is there already."""
    key = KeyText(public_id, _random(_SECRET_LENGTH))
    return key, text_of(key)


def text_of(key: KeyText, prefix: str = PREFIX) -> str:
    return f"{prefix}{key.public_id}_{key.secret}{_crc(key)}"


def parse(text: str, prefix: str = PREFIX) -> KeyText | None:
    """Take a key apart; None when its shape or its checksum is wrong."""
    match = _SHAPE.fullmatch(text, len(prefix))
    if match is None or not text.startswith(prefix):
        return None
    key = KeyText(match[1], match[2])
    return key if _crc(key) == match[3] else None


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _crc(key: KeyText) -> str:
    number = zlib.crc32(f"{key.public_id}_{key.secret}".encode())
    digits = ""
    for _ in range(_CRC_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return digits
