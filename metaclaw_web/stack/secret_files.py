"""Secrets of one stack: made on the first start, kept in `var/secrets/`, never shown."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apps.core.files import write_private
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.paths import Paths


def _token() -> str:
    return secrets.token_urlsafe(48)


def _password() -> str:
    # Hexadecimal, so that it needs no escaping in an address, a config file or a shell.
    return secrets.token_hex(24)


def _key() -> str:
    """32 random bytes: what AES-256 needs."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True)
class SecretFile:
    """One secret. An irreplaceable one is never made again once there is data."""

    name: str
    make: Callable[[], str]
    variable: str = ""
    loss: str = ""


FILES = (
    SecretFile("secret-key", _token, "METACLAW_SECRET_KEY"),
    SecretFile("key-pepper", _token, "METACLAW_KEY_PEPPER", "every API key would stop working"),
    SecretFile("master-key", _key, "METACLAW_MASTER_KEY", "stored provider keys would be lost"),
    SecretFile("postgres-password", _password, loss="the database could not be administered"),
    SecretFile("owner-password", _password),
    SecretFile("app-password", _password),
    SecretFile("redis-password", _password),
)


def ensure(paths: Paths, environ: Mapping[str, str], *, has_data: bool) -> None:
    """Make the secrets that are missing.

    Raises rather than replacing one that existing data depends on: a new key would look like
    a working start and lose what the old one protects.
    """
    for item in FILES:
        path = paths.secrets / item.name
        if is_given(item, environ) or _is_filled(path):
            continue
        if has_data and item.loss:
            raise StackError(
                f"{path} is missing, but {paths.var} holds data that depends on it"
                f" ({item.loss} with a new one).",
                advice=f"Put the file back from a backup, or move {paths.var} away to start anew.",
            )
        write_private(path, item.make() + "\n")


def is_given(item: SecretFile, environ: Mapping[str, str]) -> bool:
    """Whether the user brought this secret along, so that ours stays out of the way."""
    if not item.variable:
        return False
    return bool(environ.get(item.variable) or environ.get(f"{item.variable}_FILE"))


def read(paths: Paths, name: str) -> str:
    return (paths.secrets / name).read_text().strip()


def _is_filled(path: Path) -> bool:
    try:
        return bool(path.read_text().strip())
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError) as exc:
        reason = os.strerror(exc.errno) if isinstance(exc, OSError) and exc.errno else str(exc)
        raise StackError(f"{path} cannot be read: {reason}.") from None
