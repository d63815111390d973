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
_LISTENERS = ("GATEWAY", "CONSOLE", "PRACTICE")
_ADDRESSES = {"DATABASE_URL", "REDIS_URL", "METACLAW_OWNER_DATABASE_URL", "METACLAW_BIND"}
_KEPT_FOR_TESTS = {"METACLAW_CHROMIUM", "METACLAW_LEAST_FREE_MB", "METACLAW_LOG_LEVEL"}


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
    ours = dict(current)
    for name in current:
        is_address = name in _ADDRESSES or any(
            name.startswith(f"METACLAW_{listener}_") for listener in _LISTENERS
        )
        is_choice = name.startswith("METACLAW_") and name not in _KEPT_FOR_TESTS
        if is_address or (is_choice and not is_full):
            del ours[name]
    # Whoever runs this inside a running stack's environment must not be taken for a part of it.
    ours.pop(orphans.VARIABLE, None)
    for listener in _LISTENERS if is_full else ():
        ours[f"METACLAW_{listener}_PORT"] = str(free_port())
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
    shutil.rmtree(paths.short_dir, ignore_errors=True)
    postgres_home.remove_outside(paths)
