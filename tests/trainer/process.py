"""The real trainer, in a process of its own that can be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from apps.trainer.keys import key_add

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class TrainerProcess:
    """Call ``start``; what it remembers is in ``data``, and outlives ``kill``."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._log = data.parent / f"{data.name}.log"
        data.mkdir(parents=True, exist_ok=True)

    def beside(self) -> "TrainerProcess":
        """A second process over the same folder."""
        return TrainerProcess(self.data, *self._options)

    def key(self, tenant: str) -> str:
        return key_add(self.data / "keys", tenant)

    def start(self) -> "TrainerProcess":
        command = [sys.executable, "-m", "apps.trainer", "--data", str(self.data)]
        command += ["--port", str(self.port), *self._options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**os.environ, "HF_HUB_OFFLINE": "1"},
            )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"The trainer did not start:\n{self._log.read_text()[-3000:]}")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)
