import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def practice_url() -> Iterator[str]:
    """The practice model as users run it: its own process, a real socket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "apps.integrations.practice", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--delay-ms", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_healthy(process: "subprocess.Popen[bytes]", url: str) -> None:
    for _ in range(200):
        assert process.poll() is None, "the practice model ended at once"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the practice model did not come up")
