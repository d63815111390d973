"""What is left when a task is over: the folder as it is now, and what the agent did on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.learning.tasks import Task

LOG = "done.log"
_BACKUP = ".bak"


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a tool. ``files`` is the folder after it."""

    tool: str
    arguments: dict[str, Any]
    result: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Work:
    task: Task
    files: dict[str, str]
    steps: tuple[Step, ...]

    @property
    def delivered(self) -> dict[str, str]:
        """The files that were asked for: neither the log nor a backup."""
        if self.task.kind == "change":
            return {name: self.files[name] for name in (self.task.file,) if name in self.files}
        return {
            name: text
            for name, text in self.files.items()
            if name not in self.task.files and name != LOG and not name.endswith(_BACKUP)
        }

    def states(self) -> Iterator[dict[str, str]]:
        """The folder at the start and after each step."""
        yield self.task.files
        yield from (step.files for step in self.steps)
