"""What answers are worth to a checker."""

import pytest

from apps.training import checkers
from apps.training.checkers import answer_check
from apps.training.errors import CheckerFailed


@pytest.mark.parametrize(
    "checker, answer, reward",
    [
        ({"kind": "equals", "value": "42"}, " 42\n", 1),
        ({"kind": "equals", "value": "42"}, "It is 42", -1),
        ({"kind": "contains", "value": "42"}, "It is 42.", 1),
        ({"kind": "contains", "value": "Yes"}, "yes", -1),
        ({"kind": "contains", "value": "Yes", "ignore_case": True}, "yes", 1),
        ({"kind": "matches", "value": r"^\d{4}-\d\d-\d\d$"}, "2026-03-10", 1),
        ({"kind": "matches", "value": r"^\d{4}$"}, "no", -1),
        ({"kind": "share", "value": "[a-m]"}, "abxy", 0.5),
        ({"kind": "share", "value": "[a-m]+"}, "", 0),
        ({"kind": "json", "schema": {"type": "object", "required": ["a"]}}, '{"a": 1}', 1),
        ({"kind": "json", "schema": {"type": "object"}}, '```json\n{"a": 1}\n```', 1),
        ({"kind": "json", "schema": {"type": "object", "required": ["a"]}}, "{}", -1),
        ({"kind": "json", "schema": {"type": "object"}}, "no", -1),
    ],
)
def test_an_answer_is_worth_what_it_says(checker, answer, reward):
    assert answer_check(checker, answer, None).reward == reward


@pytest.mark.parametrize(
    "code, printed, reward",
    [(0, "", 1), (1, "0.5", -1), (0, "all good\n0.25\n", 0.25), (0, "-1", -1), (0, "7 of 9", 1)],
)
def test_a_command_says_it_with_its_exit_code_or_a_number(code, printed, reward):
    given = []

    def command(argv, answer):
        given.append((argv, answer))
        return code, printed

    checked = answer_check({"kind": "command", "argv": ["judge", "-x"]}, "42", command)

    assert checked.reward == reward
    assert given == [(["judge", "-x"], "42")]


def test_a_number_out_of_bounds_is_no_reward():
    checked = answer_check({"kind": "command", "argv": ["n"]}, "", lambda *_: (0, "7"))

    assert checked.reward == 1


def test_without_permission_no_command_is_run():
    with pytest.raises(CheckerFailed, match="switched off"):
        answer_check({"kind": "command", "argv": ["true"]}, "", None)


def test_a_pattern_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(checkers, "_PATTERN_SECONDS", 0.05)

    with pytest.raises(CheckerFailed, match="too long"):
        answer_check({"kind": "matches", "value": r"(?:a|aa)+$"}, "a" * 60 + "b", None)
