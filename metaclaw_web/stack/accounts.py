"""Which account runs Postgres: ours, or another one when we are root (Postgres refuses root)."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from metaclaw_web.stack.errors import StackError

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user to run a program as; nobody in particular when `name` is empty."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return bool(self.name)

    def run(
        self, command: Sequence[str | Path], *, env: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command as this account and collect its output."""
        return subprocess.run(
            command,
            check=False,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            # The working folder of root may be closed to the other account.
            cwd="/",
            env=env,
            timeout=300,
            user=self.uid if self.is_other else None,
            group=self.gid if self.is_other else None,
            extra_groups=[] if self.is_other else None,
        )

    def can(self, test: str, path: Path) -> bool:
        """Ask the system, as this account, what permission bits alone cannot tell."""
        try:
            return self.run(["/bin/sh", "-c", 'test "$1" "$2"', "sh", test, path]).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False


def postgres_account() -> Account:
    """Ourselves; for root, an existing account without privileges."""
    if os.getuid() != 0:
        return Account("", os.getuid(), os.getgid())
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise StackError(
        "Postgres does not run as root, and this machine has neither a `postgres` nor a `nobody`"
        " account to run it as.",
        advice="Start the stack as an ordinary user, or add a system user named postgres.",
    )
