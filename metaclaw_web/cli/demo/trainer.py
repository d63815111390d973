"""The trainer of this machine, for as long as the demo plays."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from metaclaw_web.cli.errors import CliError

# Loading torch takes seconds, on a busy machine many.
_START_SECONDS = 180
_STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class LocalTrainer:
    url: str
    key: str


@contextmanager
def local_trainer() -> Iterator[LocalTrainer]:
    """A trainer of its own on a free port, with a key of its own; nothing of it stays.

    Raises CliError where it does not start: torch is not installed, most likely.
    """
    with tempfile.TemporaryDirectory(prefix="metaclaw-demo-") as folder:
        url, key = f"http://127.0.0.1:{_free_port()}", f"tml-local-{secrets.token_urlsafe(24)}"
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "apps.trainer", "--data", folder]
        command += ["--port", url.rpartition(":")[2]]
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  # our own module
                command,
                stdout=output,
                stderr=output,
                env={**os.environ, "METACLAW_TRAINER_KEY": key},
            )
        try:
            _await(process, url, log)
            yield LocalTrainer(url, key)
        finally:
            process.terminate()
            process.wait(_STOP_SECONDS)


def _await(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx2.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.2)
    last = log.read_text("utf-8", "replace").strip().rpartition("\n")[2]
    raise CliError(
        f"The trainer did not start: {last or 'it said nothing'}",
        "`make trainer` installs what it needs. Without --train the demo does without it.",
    )


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
