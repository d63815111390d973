"""The two programs in C, compiled when their sources are newer than what is there."""

import shutil
import subprocess
from pathlib import Path

from bench.errors import BenchError

_FOLDER = Path(__file__).parent
SOURCES = _FOLDER / "native"
BUILT = _FOLDER / "build"
_PARTS = {
    "upstream": ("upstream.c", "http_text.c", "system.c", "poller.c"),
    "load": ("load.c", "answers.c", "samples.c", "http_text.c", "system.c", "poller.c"),
}
_FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra")


def build() -> None:
    """Compile what is missing or older than its sources. Raises BenchError."""
    BUILT.mkdir(exist_ok=True)
    newest = max(path.stat().st_mtime for path in SOURCES.iterdir())
    stale = [name for name in _PARTS if not _is_fresh(BUILT / name, newest)]
    compiler = shutil.which("cc") if stale else ""
    if compiler is None:
        raise BenchError(
            "The benchmark needs a C compiler named 'cc' for its load generator."
            " Debian: apt install gcc libc6-dev; macOS: xcode-select --install"
        )
    for name in stale:
        parts = [str(SOURCES / part) for part in _PARTS[name]]
        target = BUILT / f"{name}.new"
        done = subprocess.run(
            [compiler or "cc", *_FLAGS, "-o", str(target), *parts],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchError(f"bench/native/{name}.c does not compile:\n{done.stderr}")
        target.replace(BUILT / name)


def _is_fresh(path: Path, newest: float) -> bool:
    return path.is_file() and path.stat().st_mtime >= newest
