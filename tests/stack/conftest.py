"""A launcher to start and stop, in a folder of its own, that leaves nothing behind."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from metaclaw_web.stack import orphans
from metaclaw_web.stack.ports import free_port
from tests.stack import miniature

START_SECONDS = 60


class Bench:
    """One miniature product and the launchers started for it."""

    def __init__(self, place: Path, var: Path) -> None:
        self.place = place
        self.var = var
        # Nothing of a stack that these tests may run in.
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("METACLAW_", "DJANGO_"))}
        self.env = {k: v for k, v in keep.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self.env |= {
            "METACLAW_VAR_DIR": str(var),
            "METACLAW_GATEWAY_PORT": str(free_port()),
            "METACLAW_CONSOLE_PORT": str(free_port()),
            "METACLAW_PRACTICE_PORT": str(free_port()),
            "METACLAW_EMBEDDER_PORT": str(free_port()),
            # Its environment holds nothing of ours: the servers of these tests cannot do without.
            "METACLAW_POLICY": "0",
        }
        self._launchers: list[subprocess.Popen[str]] = []

    def call(self, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
        """Run the launcher to its end."""
        return subprocess.run(
            [sys.executable, "-m", "metaclaw_web.stack", *arguments],
            cwd=self.place,
            env=self.env | env,
            text=True,
            capture_output=True,
            timeout=START_SECONDS * 2,
        )

    def launch(self, **env: str) -> "subprocess.Popen[str]":
        """Start a stack in the foreground and wait until it says that it is ready."""
        output = (self.place / "terminal").open("w+")
        launcher = subprocess.Popen(
            [sys.executable, "-m", "metaclaw_web.stack", "run"],
            cwd=self.place,
            env=self.env | env,
            text=True,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        output.close()
        self._launchers.append(launcher)
        deadline = time.monotonic() + START_SECONDS
        while "Ctrl-C" not in self.terminal:
            assert launcher.poll() is None, self.terminal
            assert time.monotonic() < deadline, self.terminal
            time.sleep(0.05)
        return launcher

    @property
    def terminal(self) -> str:
        return (self.place / "terminal").read_text()

    @property
    def first_run(self) -> dict[str, str]:
        return json.loads((self.var / "first-run.json").read_text())

    def processes(self) -> list[psutil.Process]:
        return orphans.find(self.var, self.var / "postgres")

    def kill(self, process: "subprocess.Popen[str] | psutil.Process") -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    def clean_up(self) -> None:
        for launcher in self._launchers:
            if launcher.poll() is None:
                launcher.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    launcher.wait(timeout=60)
            if launcher.poll() is None:
                self.kill(launcher)
        orphans.stop(self.var, self.var / "postgres")


@pytest.fixture
def bench() -> Iterator[Bench]:
    # Not pytest's own temporary folder: that is closed to others, and under root Postgres drops
    # to another account.
    place = Path(tempfile.mkdtemp(prefix="metaclaw-bench-")).resolve()
    place.chmod(0o711)
    bench = Bench(miniature.build(place / "product"), place / "var")
    yield bench
    bench.clean_up()
    shutil.rmtree(place)
