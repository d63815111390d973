"""Builds the console's files into `frontend/dist`, only when their sources changed."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from metaclaw_web.stack.node import FRONTEND, run_npm
from metaclaw_web.stack.steps import step

_MODULES = FRONTEND / "node_modules"
_DIST = FRONTEND / "dist"
_INSTALLED = _MODULES / ".metaclaw-installed"
_BUILT = _MODULES / ".metaclaw-built"
_PINS = ("package.json", "package-lock.json", ".npmrc")
_OUTSIDE_SOURCES = {"node_modules", "dist"}


def install() -> None:
    """`npm ci`, unless it was done for this lock file."""
    wanted = _digest(FRONTEND / name for name in _PINS)
    if _read(_INSTALLED) == wanted:
        return
    with step("Console packages (npm ci)"):
        run_npm(["ci"], quiet=True)
    _INSTALLED.write_text(wanted)


def build() -> None:
    """Install and build, unless the output is that of these sources."""
    wanted = _digest(_sources())
    if _read(_BUILT) == wanted and (_DIST / "index.html").exists():
        return
    install()
    with step("Console (npm run build)"):
        run_npm(["run", "build"], quiet=True)
    _BUILT.write_text(wanted)


def _sources() -> Iterator[Path]:
    for path in sorted(FRONTEND.iterdir()):
        if path.is_file():
            yield path
        elif path.name not in _OUTSIDE_SOURCES:
            yield from sorted(item for item in path.rglob("*") if item.is_file())


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        content = path.read_bytes() if path.exists() else b""
        total.update(f"{path.relative_to(FRONTEND)}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text()
    except OSError:
        return ""
