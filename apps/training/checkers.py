"""What an answer to a task is worth, where a program can tell.

A checker is data: ``{"kind": …}`` and what the kind needs. Rewards go from -1 to 1, as everywhere:
a checker that can only say yes or no says 1 or -1; ``share`` goes from 0 to 1, so that nearly right
is worth more than wrong.
"""

import json
import math
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import regex
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from apps.core.said import say
from apps.training.errors import CheckerFailed

# A pattern that somebody wrote must not keep a worker busy.
_PATTERN_SECONDS: Final = 1.0
_PATTERN_LENGTH = 2_000
_SCHEMA_LENGTH = 50_000
_ARGUMENTS = 64
_NEEDS: Mapping[str, str] = {
    "equals": "value",
    "contains": "value",
    "matches": "value",
    "share": "value",
    "json": "schema",
    "command": "argv",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the answer was worth, and why in a few words."""

    reward: float
    why: str


# Runs a command with the answer on its standard input: exit code and standard output.
Command = Callable[[list[str], str], tuple[int, str]]


def checker_wrong(checker: Any) -> str:
    """What is wrong with a checker as somebody wrote it; empty if nothing is, or there is none."""
    if checker is None:
        return ""
    if not isinstance(checker, dict):
        english = 'a checker is an object, like {"kind": "contains", "value": "42"}.'
        return say("checker_no_object", english)
    kind = str(checker.get("kind"))
    if kind not in _NEEDS:
        english = "the checker's kind has to be one of {listed}."
        return say("checker_kind", english, listed=", ".join(_NEEDS))
    needed = _NEEDS[kind]
    unknown = sorted(checker.keys() - {"kind", needed, "ignore_case"})
    if unknown:
        english = "“{name}” is not known to a checker of kind {kind}."
        return say("checker_unknown_key", english, name=unknown[0], kind=kind)
    if not isinstance(checker.get("ignore_case", False), bool):
        return say("checker_ignore_case", "the checker's ignore_case has to be true or false.")
    if needed not in checker:
        english = "a checker of kind {kind} needs {needed}."
        return say("checker_needs", english, kind=kind, needed=needed)
    return _wrong_value(kind, checker[needed])


def answer_check(checker: Mapping[str, Any], answer: str, command: Command | None) -> Checked:
    """The reward of an answer. ``command``: how to run one; None where none may be run.

    Raises CheckerFailed when the checker itself does not work: such an answer has no reward.
    """
    kind, folds = checker["kind"], bool(checker.get("ignore_case"))
    if kind == "command":
        return _by_command(list(checker["argv"]), answer, command)
    if kind == "json":
        return _by_schema(checker["schema"], answer)
    value = str(checker["value"])
    if kind in ("matches", "share"):
        return _by_pattern(kind, value, answer, folds=folds)
    said, wanted = answer.strip(), value.strip()
    if folds:
        said, wanted = said.casefold(), wanted.casefold()
    is_right = said == wanted if kind == "equals" else wanted in said
    return _yes_or_no(f"{kind} “{value[:60]}”", is_right=is_right)


def _wrong_value(kind: str, value: Any) -> str:
    if kind == "command":
        is_argv = isinstance(value, list) and 0 < len(value) <= _ARGUMENTS
        if not is_argv or not all(isinstance(one, str) and "\0" not in one for one in value):
            english = "the checker's argv has to be a list of texts, the program first."
            return say("checker_argv", english)
        return ""
    if kind == "json":
        return _wrong_schema(value)
    if not isinstance(value, str) or not value:
        return say("checker_value", "the checker's value has to be a text.")
    if kind in ("matches", "share"):
        if len(value) > _PATTERN_LENGTH:
            english = "the checker's pattern is longer than {limit} characters."
            return say("checker_pattern_long", english, limit=_PATTERN_LENGTH)
        try:
            regex.compile(value)
        except regex.error as exc:
            english = "the checker's pattern cannot be read: {why}."
            return say("checker_pattern_broken", english, why=str(exc))
    return ""


def _wrong_schema(schema: Any) -> str:
    if not isinstance(schema, dict) or len(json.dumps(schema)) > _SCHEMA_LENGTH:
        return say("checker_schema", "the checker's schema has to be a JSON Schema, an object.")
    # Nothing is fetched for a schema, and its patterns have no time limit.
    for forbidden in ("$ref", "$dynamicRef", "pattern", "patternProperties"):
        if _uses(schema, forbidden):
            english = "the checker's schema may not use “{name}”."
            return say("checker_schema_word", english, name=forbidden)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as exc:
        english = "the checker's schema is none: {why}."
        return say("checker_schema_none", english, why=exc.message[:200])
    return ""


def _uses(value: Any, name: str) -> bool:
    if isinstance(value, dict):
        return name in value or any(_uses(one, name) for one in value.values())
    return isinstance(value, list) and any(_uses(one, name) for one in value)


def _by_pattern(kind: str, pattern: str, answer: str, *, folds: bool) -> Checked:
    flags = regex.IGNORECASE if folds else 0
    try:
        if kind == "matches":
            found = regex.search(pattern, answer, flags=flags, timeout=_PATTERN_SECONDS)
            return _yes_or_no(f"matches “{pattern[:60]}”", is_right=found is not None)
        spans = regex.finditer(pattern, answer, flags=flags, timeout=_PATTERN_SECONDS)
        matched = sum(one.end() - one.start() for one in spans)
    except TimeoutError as exc:
        raise CheckerFailed(
            say("checker_slow", "The checker's pattern took too long on this answer.")
        ) from exc
    share = matched / len(answer) if answer else 0.0
    return Checked(share, f"{matched} of {len(answer)} characters match")


def _by_schema(schema: Mapping[str, Any], answer: str) -> Checked:
    try:
        value = json.loads(_unfenced(answer))
        error = next(Draft202012Validator(dict(schema)).iter_errors(value), None)
    except (ValueError, RecursionError):
        return Checked(-1.0, "no JSON, or none that can be read")
    return Checked(1.0, "fits the schema") if error is None else Checked(-1.0, error.message[:200])


def _unfenced(answer: str) -> str:
    """Without the code fence that models put around JSON."""
    lines = answer.strip().split("\n")
    if len(lines) > 2 and lines[0].startswith("```") and lines[-1].strip() == "```":
        return "\n".join(lines[1:-1])
    return answer


def _by_command(argv: list[str], answer: str, command: Command | None) -> Checked:
    if command is None:
        english = "Checkers that run commands are switched off here."
        raise CheckerFailed(say("checker_switched_off", english))
    code, printed = command(argv, answer)
    name = shlex.join(argv)[:60]
    last = printed.strip().rsplit("\n", 1)[-1].strip()
    if code == 0 and (number := _number(last)) is not None:
        return Checked(number, f"{name} says {number:g}")
    return _yes_or_no(f"{name}, exit code {code}", is_right=code == 0)


def _number(text: str) -> float | None:
    """A reward that a command printed; None where its last line is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and -1 <= number <= 1 else None


def _yes_or_no(why: str, *, is_right: bool) -> Checked:
    return Checked(1.0 if is_right else -1.0, f"{why}: {'yes' if is_right else 'no'}")
