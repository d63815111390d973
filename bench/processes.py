"""The processes of a run: started here, watched here, stopped here."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import compiler
from bench.errors import BenchError

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A running process whose time and memory are read."""

    name: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def resident_mb(self) -> float:
        return float(self.process.memory_info().rss) / 1024 / 1024


@contextmanager
def upstream(*, pace_ms: int = 0, port: int = 0) -> Iterator[str]:
    """The fake provider; yields its address, up to and with ``/v1``."""
    line = [str(compiler.BUILT / "upstream"), "--port", str(port), "--pace-ms", str(pace_ms)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            if not said.startswith("listening "):
                raise BenchError(f"The fake provider did not start (port {port}).")
            yield f"http://127.0.0.1:{int(said.split()[1])}/v1"
        finally:
            process.terminate()


@contextmanager
def gateway(
    *, port: int, spool: Path, log: Path, env: Mapping[str, str] | None = None
) -> Iterator[Watched]:
    """One gateway process, ready for requests; ``env`` goes on top of ours."""
    env = {
        **os.environ,
        "METACLAW_GATEWAY_HOST": "127.0.0.1",
        "METACLAW_GATEWAY_PORT": str(port),
        "METACLAW_GATEWAY_WORKERS": "1",
        "METACLAW_SPOOL_DIR": str(spool),
        "METACLAW_ALLOW_PRIVATE_UPSTREAMS": "1",
        **(env or {}),
    }
    line = [sys.executable, "-m", "metaclaw_web.gateway"]
    with _running("gateway", line, env, log) as watched:
        _wait_until_ready(watched, f"http://127.0.0.1:{port}/readyz", log)
        yield watched


@contextmanager
def recorder(*, spool: Path, log: Path, env: Mapping[str, str] | None = None) -> Iterator[Watched]:
    env = {**os.environ, "METACLAW_SPOOL_DIR": str(spool), **(env or {})}
    with _running("recorder", [sys.executable, "manage.py", "run_recorder"], env, log) as watched:
        yield watched


@contextmanager
def _running(
    name: str, line: Sequence[str], env: Mapping[str, str], log: Path
) -> Iterator[Watched]:
    with log.open("ab") as file:
        process = subprocess.Popen(line, cwd=ROOT, env=env, stdout=file, stderr=file)
    try:
        yield Watched(name, psutil.Process(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(watched: Watched, url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if watched.process.status() == psutil.STATUS_ZOMBIE:
            break
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise BenchError(f"The {watched.name} did not start:\n{log.read_text()[-2000:]}")
