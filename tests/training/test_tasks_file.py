"""Task files: what is read, and what is said about what cannot be."""

import json

import pytest

from apps.training import tasks_file
from apps.training.errors import TasksInvalid
from apps.training.tasks_file import task_of, tasks_read

GOOD = {"task_id": "a", "instruction": "Say yes."}


def read(*lines: object) -> list[dict]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return tasks_read("\n".join(texts).encode())


def told(*lines: object) -> str:
    with pytest.raises(TasksInvalid) as caught:
        read(*lines)
    return caught.value.detail


def test_a_task_says_what_it_needs_and_no_more():
    full = {
        "task_id": "b",
        "instruction": "Fix it.",
        "system": "Be brief.",
        "checker": {"kind": "command", "argv": ["sh", "-c", "test -e done"]},
        "tools": ["run_command", "read_file"],
        "max_steps": 5,
    }

    plain, made = map(task_of, read(GOOD, "", full))

    assert (plain.system, plain.checker, plain.tools, plain.max_steps) == ("", None, (), 1)
    assert (made.tools, made.max_steps) == (("run_command", "read_file"), 5)
    assert made.checker == full["checker"]


@pytest.mark.parametrize(
    "line, what",
    [
        ('{"task_id": "b", "instruction": "x"', "this is no JSON"),
        ("[1]", "a task is a JSON object"),
        (
            '{"task_id": "b", "instruction": "x", "checker": {"kind": "json", "schema": '
            + '{"not":' * 700
            + "{}"
            + "}" * 702,
            "nested too deeply",
        ),
        ('{"task_id": "b"}', "instruction has to be a text"),
        ('{"task_id": "", "instruction": "x"}', "task_id has to be a text"),
        ('{"task_id": 7, "instruction": "x"}', "task_id has to be a text"),
        ('{"task_id": "b", "instruction": "x", "chekcer": {}}', "“chekcer” is not known"),
        ('{"task_id": "b", "instruction": "x\\u0000"}', "NUL"),
        ('{"task_id": "b", "instruction": "\\ud800"}', "surrogate"),
        ('{"task_id": "b", "instruction": "x", "max_steps": true}', "whole number"),
        ('{"task_id": "b", "instruction": "x", "max_steps": 65}', "from 1 to 64"),
        ('{"task_id": "b", "instruction": "x", "tools": ["browse"]}', "tools has to be a list"),
        ('{"task_id": "b", "instruction": "x", "checker": "yes"}', "a checker is an object"),
        ('{"task_id": "b", "instruction": "x", "checker": {"kind": "magic"}}', "kind has to be"),
        ('{"task_id": "b", "instruction": "x", "checker": {"kind": "equals"}}', "needs value"),
        (
            '{"task_id": "b", "instruction": "x", "checker": {"kind": "matches", "value": "("}}',
            "pattern cannot be read",
        ),
        (
            '{"task_id": "b", "instruction": "x", "checker": {"kind": "command", "argv": "ls"}}',
            "a list of texts",
        ),
        (
            '{"task_id": "b", "instruction": "x", "checker": {"kind": "json", "schema": '
            '{"$ref": "http://example.com/s"}}}',
            "may not use “$ref”",
        ),
        ('{"task_id": "b", "instruction": "x", "max_steps": NaN}', "NaN is no number"),
    ],
)
def test_a_broken_line_is_named_with_what_is_wrong_with_it(line, what):
    detail = told(GOOD, "", line)

    assert detail.startswith("Line 3: ")
    assert what in detail


def test_all_broken_lines_are_told():
    with pytest.raises(TasksInvalid) as caught:
        read(GOOD, "{", GOOD, "[]")

    assert caught.value.extra["lines"] == [2, 3, 4]
    assert "stands in line 1 already" in caught.value.fields["tasks"][1]
    assert "2 more lines are wrong" in caught.value.detail


def test_bytes_that_are_no_text_are_found_in_their_line():
    with pytest.raises(TasksInvalid, match=r"Line 2 is not UTF-8\."):
        tasks_read(json.dumps(GOOD).encode() + b"\n\xff\xfe")


def test_a_line_separator_inside_a_text_ends_no_line():
    (task,) = read(json.dumps({**GOOD, "instruction": "a\u2028b"}, ensure_ascii=False))

    assert task["instruction"] == "a\u2028b"


def test_a_file_has_an_end_and_something_in_it(monkeypatch):
    monkeypatch.setattr(tasks_file, "MOST_TASKS", 2)
    monkeypatch.setattr(tasks_file, "MOST_BYTES", 400)

    assert told("", " ") == "There is no task in the file."
    assert "more than 2 tasks" in told(*[{**GOOD, "task_id": str(n)} for n in range(3)])
    assert "larger than" in told({**GOOD, "instruction": "x" * 400})
