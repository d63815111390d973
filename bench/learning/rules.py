"""The house rules that no request names, each with its checker.

A checker reads the folder and the transcript only; it answers the same for the same work.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.learning.work import LOG, Work

_OFFSET = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})"
_STAMP = re.compile(_OFFSET)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_METADATA = re.compile(r"\A---\n(?P<fields>.*?)\n---(?:\n|\Z)", re.DOTALL)
_FIELDS = ("owner", "date", "status")


@dataclass(frozen=True, slots=True)
class Rule:
    """``statement`` is what a colleague says when the rule was broken; it is all there is to
    learn from."""

    slug: str
    statement: str
    is_kept: Callable[[Work], bool]


def body_of(text: str) -> str:
    """A file without its metadata block."""
    return _METADATA.sub("", text, count=1)


def names_are_dated(work: Work) -> bool:
    """Each new file: the day of the task, then lower-case words joined by dashes."""
    form = re.compile(rf"{work.task.day}(-[a-z0-9]+)+\.[a-z]+")
    return bool(work.delivered) and all(form.fullmatch(name) for name in work.delivered)


def times_carry_offset(work: Work) -> bool:
    """At least one moment is in the text, and none stands there without date and offset."""
    texts = [body_of(text) for text in work.delivered.values()]
    found = any(_STAMP.search(text) for text in texts)
    return found and not any(_CLOCK.search(_STAMP.sub("", text)) for text in texts)


def metadata_opens_file(work: Work) -> bool:
    return bool(work.delivered) and all(_has_fields(text) for text in work.delivered.values())


def backup_comes_first(work: Work) -> bool:
    """When the file first differs from what it was, a copy of what it was lies beside it."""
    name, backup = work.task.file, f"{work.task.file}.bak"
    before = work.task.files.get(name)
    changed = next((files for files in work.states() if files.get(name) != before), None)
    return changed is not None and changed.get(backup) == before == work.files.get(backup)


def work_is_logged(work: Work) -> bool:
    entry = re.compile(rf"{_OFFSET} {re.escape(work.task.id)} done")
    lines = work.files.get(LOG, "").splitlines()
    return any(entry.fullmatch(line.strip()) for line in lines)


def _has_fields(text: str) -> bool:
    block = _METADATA.match(text)
    if block is None:
        return False
    given = re.findall(r"^([a-z]+): *\S", block["fields"], re.MULTILINE)
    return all(name in given for name in _FIELDS)


# In the order in which the days bring them up.
RULES = (
    Rule(
        "names",
        "The name of a new file begins with the date and goes on in lower case with dashes, like "
        "2026-03-02-tour-list.md.",
        names_are_dated,
    ),
    Rule(
        "offsets",
        "Every time of day carries its date and UTC offset, like 2026-03-02T14:05:00+01:00.",
        times_carry_offset,
    ),
    Rule(
        "metadata",
        "A new file opens with a metadata block: the lines “owner: depot team”, “date: 2026-03-02” "
        "(the day) and “status: draft” between two lines of three dashes.",
        metadata_opens_file,
    ),
    Rule(
        "backup",
        "An existing file is copied to its name with .bak behind it before it is changed.",
        backup_comes_first,
    ),
    Rule(
        "done",
        "Finished work gets a line in done.log: the time with its offset, the number of the task "
        "and the word done, like 2026-03-02T14:05:00+01:00 D0-00 done.",
        work_is_logged,
    ),
)


def broken_rules(work: Work) -> list[Rule]:
    """The rules that were due for the task and not kept."""
    return [rule for rule in RULES if rule.slug in work.task.due and not rule.is_kept(work)]


def is_exact(work: Work) -> bool:
    """Whether the one file asked for holds the lines asked for and nothing else.

    How a moment is written is a rule's matter, so both spellings count as the same.
    """
    if len(work.delivered) != 1:
        return False
    (text,) = work.delivered.values()
    return _plain(body_of(text)) == [*work.task.lines]


def _plain(text: str) -> list[str]:
    short = re.sub(rf"{_OFFSET}", lambda stamp: stamp[0][11:16], text)
    return [line.strip() for line in short.splitlines() if line.strip()]


def feedback(broken: list[Rule]) -> str:
    """What the user says next, in plain words."""
    if not broken:
        return "Thank you, that is how we do it here."
    return " ".join(["That is not right yet.", *(rule.statement for rule in broken)])
