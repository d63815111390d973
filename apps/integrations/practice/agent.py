"""The simulated agent of the house-rules benchmark: it works in a folder with tools.

It reads the task by the form of its sentences, and keeps a house rule exactly when the wording of
that rule stands in its instructions. It knows no rule by itself and learns nothing from talk.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.integrations.practice import house_habits as habits
from apps.integrations.practice.chat import ChatRequest, Reply, ToolCall, user_words

# The benchmark's system prompt says so; nobody else's agent is taken for this one.
MARK = "You work in a scratch folder"

_TASK = re.compile(
    r"Task (?P<id>[A-Z]\d+-\d+)\. It is \w+, (?P<day>\d{4}-\d\d-\d\d), (?P<clock>\d\d:\d\d)"
    r" at the depot \(UTC(?P<offset>[+-]\d\d:\d\d)\)\. (?P<wish>.+)",
    re.DOTALL,
)
_QUOTED = re.compile(r"“(.+?)”")
_TITLE = re.compile(r'called "([^"]+)"')
_FILE = re.compile(r"\b(\d{4}-\d\d-\d\d-[\w-]+\.\w+)\b")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b")


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    day: str
    clock: str
    offset: str
    wish: str

    def moment(self, clock: str) -> str:
        return f"{self.day}T{clock}:00{self.offset}"


def is_meant(request: ChatRequest) -> bool:
    return MARK in request.system


def reply_to(request: ChatRequest) -> Reply | None:
    """The next step of the work; None when the user's last words are no task."""
    found = _TASK.search(request.last_user_text)
    if found is None:
        return None
    results = _results(request)
    steps = list(_plan(Task(**found.groupdict()), habits.stated_in(request.instructions), results))
    if len(results) < len(steps):
        return Reply(tool_call=steps[len(results)])
    return Reply(f"Task {found['id']} is done. (Practice model, simulated.)")


def _results(request: ChatRequest) -> list[str]:
    """What the tools answered since the user spoke last."""
    results: list[str] = []
    for message in request.messages:
        if message.role == "tool":
            results.append(message.text)
        elif message.role == "user" and user_words(message.text):
            results = []
    return results


def _plan(task: Task, kept: frozenset[str], results: list[str]) -> Iterator[ToolCall]:
    """Every step, as far as it can be known by now."""
    is_change = not _TITLE.search(task.wish)
    yield from _change(task, kept, results) if is_change else _create(task, kept)
    if is_change and not results:
        return
    if habits.DONE in kept:
        yield _write("done.log", f"{task.moment(task.clock)} {task.id} done\n")


def _create(task: Task, kept: frozenset[str]) -> Iterator[ToolCall]:
    title = _TITLE.search(task.wish)
    name = title[1] if title else "note"
    if habits.NAMES in kept:
        name = f"{task.day}-{'-'.join(name.lower().split())}"
    suffix = ".md" if "Markdown" in task.wish else ".txt"
    lines = [_spelled(line, task, kept) for line in _QUOTED.findall(task.wish)]
    if habits.METADATA in kept:
        lines = ["---", "owner: depot team", f"date: {task.day}", "status: draft", "---", *lines]
    yield _write(name + suffix, "\n".join(lines) + "\n")


def _change(task: Task, kept: frozenset[str], results: list[str]) -> Iterator[ToolCall]:
    file = _FILE.search(task.wish)
    quoted = _QUOTED.findall(task.wish)
    if file is None or len(quoted) < 2:
        return
    name, (old, new, *_) = file[1], quoted
    yield ToolCall("read_file", {"path": name})
    if habits.BACKUP in kept:
        yield ToolCall("exec", {"command": f"cp {name} {name}.bak"})
    if results:
        yield _write(name, results[0].replace(old, _spelled(new, task, kept)))


def _spelled(line: str, task: Task, kept: frozenset[str]) -> str:
    if habits.OFFSETS not in kept:
        return line
    return _CLOCK.sub(lambda clock: task.moment(f"{clock[1]:0>2}:{clock[2]}"), line)


def _write(path: str, content: str) -> ToolCall:
    return ToolCall("write_file", {"path": path, "content": content})
