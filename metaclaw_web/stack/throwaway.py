"""Data folders and environments for stacks that live as long as one command."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from metaclaw_web.stack import orphans, postgres_home, state
from metaclaw_web.stack.errors import StackError
from metaclaw_web.stack.paths import Paths
from metaclaw_web.stack.ports import free_port

# A folder this young may belong to a start that did not take its lock yet.
_YOUNG_SECONDS = 60
_LISTENERS = ("GATEWAY", "CONSOLE", "PRACTICE", "EMBEDDER", "POLICY")
_SERVERS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
_KEPT = ("METACLAW_CHROMIUM", "METACLAW_LEAST_FREE_MB", "METACLAW_LOG_LEVEL")
_KEPT_BY_FULL = (
    "METACLAW_UPSTREAM_",
    "METACLAW_EMBEDDINGS_",
    "METACLAW_EMBEDDER",
    "METACLAW_POLICY",
    "METACLAW_PRACTICE_DELAY_MS",
    "METACLAW_GATEWAY_WORKERS",
    "METACLAW_WORKER_PROCESSES",
    "METACLAW_JUDGE_",
    "METACLAW_EVOLVE_",
    "METACLAW_MODEL_",
)


@contextmanager
def folder(chosen: str | None) -> Iterator[Path]:
    """A data folder that is gone afterwards; one that was named is kept."""
    if chosen is not None:
        yield Path(chosen).resolve()
        return
    sweep()
    path = Path(tempfile.mkdtemp(prefix=_prefix())).resolve()
    try:
        yield path
    finally:
        _remove(path)


def environ(current: Mapping[str, str], *, is_full: bool) -> dict[str, str]:
    """Nothing of the user's own stack: a test must never reach a database that matters."""
    kept = _KEPT + _KEPT_BY_FULL if is_full else _KEPT
    ours = {
        name: value
        for name, value in current.items()
        if name not in _SERVERS and (not name.startswith("METACLAW_") or name.startswith(kept))
    }
    if is_full:
        for listener in _LISTENERS:
            ours[f"METACLAW_{listener}_PORT"] = str(free_port())
        # Commands are measured beside it: what these cost must be asked for.
        ours.setdefault("METACLAW_EMBEDDER", "off")
        ours.setdefault("METACLAW_POLICY", "off")
    return ours


def sweep() -> None:
    """Stop and remove what killed commands left behind."""
    place = Path(tempfile.gettempdir()).resolve()
    for path in place.glob(f"{_prefix()}*"):
        # Another may sweep at the same time, and a stubborn process is not this start's business.
        with suppress(OSError, StackError):
            is_old = time.time() - path.stat().st_mtime > _YOUNG_SECONDS
            is_ours = path.is_dir() and path.stat().st_uid == os.getuid()
            if is_old and is_ours and not state.is_locked(Paths(path)):
                orphans.stop(path, path / "postgres")
                _remove(path)


def _prefix() -> str:
    return f"metaclaw-{os.getuid()}-throwaway-"


def _remove(path: Path) -> None:
    paths = Paths(path)
    shutil.rmtree(path, ignore_errors=True)
    for place in paths.short_dirs:
        shutil.rmtree(place, ignore_errors=True)
    postgres_home.remove_outside(paths)
