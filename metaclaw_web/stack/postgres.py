"""The embedded Postgres: creating the cluster and the command that runs it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from metaclaw_web.stack import disk
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.ports import LOOPBACK
from metaclaw_web.stack.postgres_home import MAJOR, PostgresHome

SUPERUSER = "mc_super"
# What the many short connections of the processes and their pools need, with room to spare.
_MAX_CONNECTIONS = 200


def create_cluster(home: PostgresHome, *, password: str) -> None:
    """Make the database cluster, unless there is one.

    It is built under another name and renamed when complete: whatever an interrupted attempt
    left behind is thrown away, and a folder with the real name is always whole.
    """
    _drop_leftovers(home)
    if home.is_complete:
        _check_version(home)
        return
    if home.data.exists() and any(home.data.iterdir()):
        raise StackError(
            f"{home.data} exists, but holds no Postgres database.",
            advice="Move it away; it was not made by this program, so it was left alone.",
        )
    building = Path(tempfile.mkdtemp(prefix=f"{home.data.name}.new-", dir=home.data.parent))
    try:
        if home.account.is_other:
            os.chown(building, home.account.uid, home.account.gid)
        _initdb(home, building / "data", password)
        if home.data.exists():
            home.data.rmdir()
        (building / "data").rename(home.data)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def command(home: PostgresHome, *, port: int, is_durable: bool = True) -> list[str]:
    """The command line of the server. It listens on loopback only, without a socket file."""
    settings = {
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": str(_MAX_CONNECTIONS),
        "shared_buffers": f"{_shared_megabytes()}MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u ",
        # A statement in the log could carry what people wrote; errors keep their message.
        "log_min_error_statement": "panic",
    }
    if not is_durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    line = [str(home.bin / "postgres"), "-D", str(home.data)]
    for name, value in settings.items():
        line += ["-c", f"{name}={value}"]
    return line


def _shared_megabytes() -> int:
    """An eighth of the memory: searches and the recorder read what they find there, not on disk.

    It is taken as it is used. Half of what Postgres' manual starts with, for the machine is not
    its own: https://www.postgresql.org/docs/18/runtime-config-resource.html
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(1024, max(128, memory // 8 // 2**20))


def _initdb(home: PostgresHome, data: Path, password: str) -> None:
    password_file = data.parent / "password"
    descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password + "\n")
    if home.account.is_other:
        os.chown(password_file, home.account.uid, home.account.gid)
    line: list[str | Path] = [
        home.bin / "initdb",
        *("-D", data),
        *("-U", SUPERUSER),
        "--encoding=UTF8",
        # Sorting that is the same on every machine and after every update of the system.
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("--auth=scram-sha-256", f"--pwfile={password_file}"),
    ]
    try:
        result = home.account.run(line, env={"PATH": os.defpath, "LC_ALL": "C"})
    except subprocess.TimeoutExpired:
        raise StackError("Creating the database took more than five minutes.") from None
    if result.returncode != 0:
        if disk.says_full(result.stdout):
            raise disk.full(home.data)
        raise StackError(
            "The database could not be created.", details="\n".join(result.stdout.splitlines()[-6:])
        )


def _drop_leftovers(home: PostgresHome) -> None:
    for leftover in home.data.parent.glob(f"{home.data.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _check_version(home: PostgresHome) -> None:
    version = (home.data / "PG_VERSION").read_text().strip()
    if version != MAJOR:
        raise StackError(
            f"{home.data} was made by Postgres {version}; this version runs Postgres {MAJOR}.",
            advice="Move the data with pg_dump and pg_restore, or choose another folder with"
            " METACLAW_VAR_DIR.",
        )
