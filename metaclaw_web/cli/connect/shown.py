"""What a person sees of a change: a diff without secrets."""

import difflib
import re
from pathlib import Path

from metaclaw_web.cli import output

_SECRET = re.compile(
    r"""((?:(?:key|token|secret|password)["']?\s*[:=]\s*["']?|bearer\s+))([^\s"',}\]]{9,})""",
    re.IGNORECASE,
)
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def masked_key(key: str) -> str:
    """Enough of a key to recognise it by."""
    return f"{key[:9]}…{key[-4:]}" if len(key) >= 24 else f"…{key[-2:]}"


def diff(path: Path, before: str | None, after: str | None, key: str) -> list[str]:
    """Unified, without line ends. Our key and whatever looks like one are shown in part."""
    lines = difflib.unified_diff(
        (before or "").splitlines(),
        (after or "").splitlines(),
        "(no file)" if before is None else str(path),
        "(no file)" if after is None else str(path),
        lineterm="",
    )
    return [_without_secrets(line, key) for line in lines]


def print_diff(lines: list[str]) -> None:
    console = output.results()
    for line in lines:
        console.print(line, style=_STYLES.get(line[:1]), markup=False, soft_wrap=True)


def _without_secrets(line: str, key: str) -> str:
    line = line.replace(key, masked_key(key)) if key else line
    return _SECRET.sub(lambda found: found[1] + _masked(found[2]), line)


def _masked(value: str) -> str:
    return value if "…" in value else masked_key(value)
