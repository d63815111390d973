"""Who is calling: keys are known by their SHA-256 digests only."""

import hashlib
import logging
import re
import secrets
from pathlib import Path

from apps.trainer import KEY_PREFIX

log = logging.getLogger(__name__)

_LINE = re.compile(r"(?P<tenant>[A-Za-z0-9][A-Za-z0-9._-]{0,63})\s+(?P<digest>[0-9a-f]{64})")


class BadKeys(Exception):
    """The file of keys cannot be used; says which line."""


class Keys:
    """Tenants by key: from a file that may change while we run, or a single key."""

    def __init__(self, path: Path | None, single: str = "", *, tenant: str = "local") -> None:
        self._path = path
        self._single = {digest_of(single): tenant} if single else {}
        self._stamp: tuple[int, int] | None = None
        self._tenants: dict[str, str] = {}
        self._refresh()

    def __len__(self) -> int:
        self._refresh()
        return len(self._tenants | self._single)

    def tenant(self, key: str) -> str | None:
        """The tenant whose key this is, or None."""
        if not key.startswith(KEY_PREFIX):
            return None
        self._refresh()
        digest = digest_of(key)
        return self._single.get(digest) or self._tenants.get(digest)

    def _refresh(self) -> None:
        if self._path is None:
            return
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            self._stamp, self._tenants = None, {}
            return
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp == self._stamp:
            return
        is_first, self._stamp = self._stamp is None, stamp
        try:
            self._tenants = read_keys(self._path)
        except BadKeys as exc:
            if is_first:
                raise
            log.warning("The keys stay as they were: %s", exc)


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def read_keys(path: Path) -> dict[str, str]:
    """Digest → tenant, from lines of ``<tenant> <digest>``."""
    tenants: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        match = _LINE.fullmatch(text)
        if match is None:
            raise BadKeys(f"{path.name}, line {number}: expected a tenant and a SHA-256 digest.")
        tenants[match["digest"]] = match["tenant"]
    return tenants


def key_add(path: Path, tenant: str) -> str:
    """A new key of ``tenant``, which is returned and never stored."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    line = f"{tenant} {digest_of(key)}"
    if not _LINE.fullmatch(line):
        raise BadKeys("A tenant's name holds up to 64 letters, digits, dots, dashes, underscores.")
    path.touch(mode=0o600)
    with path.open("a") as file:
        file.write(line + "\n")
    return key
