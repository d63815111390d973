"""Room on the disk: checked before the start, recognised when it runs out on the way."""

import errno
import shutil
from pathlib import Path

from metaclaw_web.stack.errors import StackError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_WORDS = ("No space left on device", "Disk quota exceeded", "Check free disk space")


def check(folder: Path, *, least_mb: int) -> None:
    """Refuse to start with little room: a database that fills the disk stops in the middle."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free_mb = shutil.disk_usage(existing).free // (1024 * 1024)
    if free_mb < least_mb:
        raise StackError(
            f"The disk that holds {folder} has {free_mb} MB free; {least_mb} MB are needed.",
            advice="Make room, or choose a folder on another disk with METACLAW_VAR_DIR"
            " (METACLAW_LEAST_FREE_MB changes the limit).",
        )


def is_full(error: OSError) -> bool:
    return error.errno in _FULL


def says_full(output: str) -> bool:
    """Whether the output of a failed command complains about a full disk."""
    return any(words in output for words in _WORDS)


def full(place: object) -> StackError:
    return StackError(
        f"The disk is full: {place} could not be written.",
        advice="Make room, or choose a folder on another disk with METACLAW_VAR_DIR."
        " Starting again continues from here.",
    )
