"""Files of tasks that are played without a user: one JSON object a line, read strictly.

A mistake is told with its line, because whoever wrote the file will look there first. The form is
described in docs/mechanisms/rollouts.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apps.core.said import say, together
from apps.core.storable import storable
from apps.training.checkers import checker_wrong
from apps.training.errors import TasksInvalid

MOST_TASKS: Final = 10_000
MOST_BYTES: Final = 10 * 1024 * 1024
MOST_STEPS: Final = 64
# What the sandbox has to offer.
TOOLS: Final = ("run_command", "read_file", "write_file")

_NAMES = ("task_id", "instruction", "system", "checker", "tools", "max_steps")
_ID_LENGTH = 120
_DEFAULT_STEPS = 8
# So many lines are told of at once: who sees the first few knows the rest.
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. Without tools it is one answer."""

    task_id: str
    instruction: str
    system: str = ""
    # How an answer is rewarded (apps.training.checkers); none: the judge is asked.
    checker: Mapping[str, Any] | None = None
    tools: tuple[str, ...] = ()
    max_steps: int = 1


def tasks_read(content: bytes) -> list[dict[str, Any]]:
    """The objects of a file, checked. Raises TasksInvalid, which names the lines that are wrong."""
    text = _text(content)
    found: dict[str, dict[str, Any]] = {}
    first_at: dict[str, int] = {}
    wrong: list[tuple[int, str]] = []
    # Not splitlines(): a string may hold a line separator of Unicode's.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        one, problem = _line(line)
        if not problem and one["task_id"] in found:
            english = "the task_id stands in line {line} already."
            problem = say("task_id_twice", english, line=first_at[one["task_id"]])
        if problem:
            wrong.append((number, problem))
        else:
            found[one["task_id"]], first_at[one["task_id"]] = one, number
        if len(found) > MOST_TASKS:
            english = "There are more than {limit:,} tasks."
            raise TasksInvalid(say("tasks_many", english, limit=MOST_TASKS))
        if len(wrong) >= _TOLD:
            break
    if wrong:
        raise _told(wrong)
    if not found:
        raise TasksInvalid(say("tasks_none", "There is no task in the file."))
    return list(found.values())


def task_of(one: Mapping[str, Any]) -> Task:
    """A task as :func:`tasks_read` let it pass."""
    tools = tuple(one.get("tools") or ())
    return Task(
        task_id=one["task_id"],
        instruction=one["instruction"],
        system=one.get("system") or "",
        checker=one.get("checker"),
        tools=tools,
        max_steps=int(one.get("max_steps") or _DEFAULT_STEPS) if tools else 1,
    )


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        english = "The file is larger than {limit} MB."
        raise TasksInvalid(say("file_large", english, limit=MOST_BYTES // 2**20))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise TasksInvalid(
            say("line_not_utf8", "Line {line} is not UTF-8.", line=line), lines=[line]
        ) from None


def _told(wrong: list[tuple[int, str]]) -> TasksInvalid:
    told = [
        together(say("in_line", "Line {number}:", number=number), problem)
        for number, problem in wrong
    ]
    more = say("lines_more", "({count} more lines are wrong.)", count=len(told) - 1)
    return TasksInvalid(
        together(told[0], more if len(told) > 1 else ""),
        fields={"tasks": [*told]},
        lines=[number for number, _ in wrong],
    )


def _line(line: str) -> tuple[dict[str, Any], str]:
    try:
        one = json.loads(line, parse_constant=_no_number)
        if not isinstance(one, dict):
            return {}, say("task_no_object", "a task is a JSON object: {…}.")
        return one, _wrong(one)
    except ValueError as exc:
        told = f"{exc.msg}, column {exc.colno}" if isinstance(exc, json.JSONDecodeError) else exc
        return {}, say("line_no_json", "this is no JSON: {why}.", why=str(told))
    except RecursionError:
        return {}, say("line_deep", "this is no JSON that can be read: it is nested too deeply.")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON")


def _wrong(one: dict[str, Any]) -> str:
    """What is wrong with an object; empty if nothing is."""
    unknown = sorted(one.keys() - set(_NAMES))
    if unknown:
        english = "“{name}” is not known here; a task has {listed}."
        return say("task_unknown_key", english, name=unknown[0], listed=", ".join(_NAMES))
    for name in ("task_id", "instruction"):
        if not isinstance(one.get(name), str) or not one[name].strip():
            return say("task_no_text", "{name} has to be a text.", name=name)
    if len(one["task_id"]) > _ID_LENGTH:
        english = "the task_id is longer than {limit} characters."
        return say("task_id_long", english, limit=_ID_LENGTH)
    if storable(one) != one:
        return say("task_nul", "it holds a NUL character, or half of a surrogate pair.")
    if not isinstance(one.get("system", ""), str):
        return say("task_no_text", "{name} has to be a text.", name="system")
    return _wrong_tools(one) or checker_wrong(one.get("checker"))


def _wrong_tools(one: dict[str, Any]) -> str:
    tools = one.get("tools")
    if tools is not None and not (isinstance(tools, list) and set(map(str, tools)) <= set(TOOLS)):
        english = "tools has to be a list of {listed}."
        return say("task_tools", english, listed=", ".join(TOOLS))
    steps = one.get("max_steps")
    if steps is None:
        return ""
    if not isinstance(steps, int) or isinstance(steps, bool) or not 1 <= steps <= MOST_STEPS:
        english = "max_steps has to be a whole number from 1 to {limit}."
        return say("task_steps", english, limit=MOST_STEPS)
    return ""
