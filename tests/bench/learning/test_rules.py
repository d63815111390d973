from dataclasses import replace

import pytest

from bench.learning import rules, tasks
from bench.learning.work import Step, Work

TASKS = {task.id: task for task in tasks.load()}
CREATE, CHANGE = TASKS["D6-01"], TASKS["D6-03"]
NAME = "2026-03-09-contract-copy.txt"
BLOCK = "---\nowner: depot team\ndate: 2026-03-09\nstatus: draft\n---\n"
TEXT = f"{BLOCK}Made at 2026-03-09T10:05:00+01:00\n"
LOGGED = "2026-03-09T08:36:00+01:00 D6-01 done\n"


def created(name=NAME, text=TEXT, log=LOGGED):
    return Work(CREATE, {name: text, "done.log": log}, ())


def changed(*states):
    steps = tuple(Step("write_file", {}, "", files) for files in states)
    return Work(CHANGE, states[-1], steps)


def test_there_are_enough_tasks_days_and_rules():
    days = {task.day for task in TASKS.values()}

    assert len(TASKS) >= 60
    assert len(days) >= 6
    assert {slug for task in TASKS.values() for slug in task.due} == {
        rule.slug for rule in rules.RULES
    }


def test_every_day_up_to_the_fifth_brings_a_rule():
    first_day = {}
    for task in TASKS.values():
        for slug in task.due:
            first_day.setdefault(slug, task.day)

    assert len(set(first_day.values())) == len(rules.RULES) == 5


@pytest.mark.parametrize("word", ["metadata", ".bak", "backup", "done.log", "dash", "offset"])
def test_no_request_names_a_rule(word):
    assert not [task.id for task in TASKS.values() if word in task.request.casefold()]


def test_work_that_keeps_every_rule_is_without_fault():
    assert rules.broken_rules(created()) == []


@pytest.mark.parametrize(
    "name", ["contract copy.txt", "2026-03-09-Contract.txt", "2026-03-08-contract.txt", "a.txt"]
)
def test_a_name_needs_the_day_and_lower_case(name):
    assert not rules.names_are_dated(created(name=name))


@pytest.mark.parametrize(
    "moment, is_kept",
    [
        ("2026-03-09T10:05:00+01:00", True),
        ("2026-03-09T09:05Z", True),
        ("10:05", False),
        ("2026-03-09T10:05:00", False),
        ("2026-03-09T10:05:00+01:00 and 11:05", False),
        ("noon", False),
    ],
)
def test_every_moment_needs_its_offset(moment, is_kept):
    assert rules.times_carry_offset(created(text=f"Made at {moment}\n")) is is_kept


@pytest.mark.parametrize(
    "text",
    [
        "Made at ten\n",
        f"Made\n{BLOCK}",
        "---\nowner: a\ndate: b\n---\nMade\n",
        "---\nowner:\ndate: b\nstatus: c\n---\n",
    ],
)
def test_metadata_has_three_fields_at_the_top(text):
    assert rules.metadata_opens_file(created())
    assert not rules.metadata_opens_file(created(text=text))


def test_a_backup_has_to_be_there_before_the_change():
    name, old = CHANGE.file, CHANGE.files[CHANGE.file]
    backup, new = {f"{name}.bak": old}, {name: "new"}

    assert rules.backup_comes_first(changed({name: old} | backup, new | backup))
    assert not rules.backup_comes_first(changed(new, new | backup))
    assert not rules.backup_comes_first(changed(new | {f"{name}.bak": "new"}))
    assert not rules.backup_comes_first(changed({name: old} | backup, new))
    assert not rules.backup_comes_first(changed({name: old} | backup))


@pytest.mark.parametrize("log", ["", "10:05 D6-01 done\n", LOGGED.replace("D6-01", "D6-02")])
def test_the_log_names_time_and_task(log):
    assert rules.work_is_logged(created())
    assert not rules.work_is_logged(created(log=log))


def test_a_rule_counts_only_where_it_is_due():
    work = replace(created(name="copy.txt", text="10:05", log=""), task=TASKS["D1-01"])

    assert [rule.slug for rule in rules.broken_rules(work)] == ["names"]


def test_exact_is_the_text_asked_for_whatever_the_spelling_of_times():
    lines = "Copy made at {}\nOriginal with Mira\n"
    task = replace(CREATE, lines=("Copy made at 10:05", "Original with Mira"))

    for moment in ("10:05", "2026-03-09T10:05:00+01:00"):
        work = replace(created(text=BLOCK + lines.format(moment)), task=task)
        assert rules.is_exact(work)
    assert not rules.is_exact(replace(created(text=BLOCK), task=task))


def test_feedback_says_what_was_wrong_or_thanks():
    (fault,) = rules.broken_rules(created(log=""))

    assert fault.statement in rules.feedback([fault])
    assert rules.feedback([]).startswith("Thank you")
