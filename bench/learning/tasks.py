"""The tasks: what is asked, which files lie there before, which hidden rules hold by then."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("tasks.jsonl")


@dataclass(frozen=True, slots=True)
class Task:
    """``lines`` is the text the file has to hold in the end, below any metadata, in the words of
    the request; ``due`` are the slugs of the rules that count for this task."""

    id: str
    day: str
    now: str
    kind: str
    request: str
    lines: tuple[str, ...]
    due: tuple[str, ...]
    title: str = ""
    suffix: str = ""
    file: str = ""
    files: dict[str, str] = field(default_factory=dict)


def load() -> list[Task]:
    """Every task, in the order in which they are given."""
    rows = _FILE.read_text(encoding="utf-8").splitlines()
    return [_task(json.loads(row)) for row in rows]


def _task(raw: dict[str, Any]) -> Task:
    return Task(**{**raw, "lines": tuple(raw["lines"]), "due": tuple(raw["due"])})
