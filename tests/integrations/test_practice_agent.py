"""The simulated agent of the house-rules benchmark, and what the evolver makes of its failures."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from apps.integrations.practice import agent, evolver, house_habits, judge
from apps.integrations.practice.chat import ChatRequest, Message
from apps.integrations.practice.prefix_cache import PrefixCache
from bench.learning import rules, tasks

TASKS = {task.id: task for task in tasks.load()}
ALL = " ".join(rule.statement for rule in rules.RULES)


def ask(task_id, *results, instructions="", said=()):
    spoken = (Message("user", TASKS[task_id].request), *said)
    told = tuple(Message("tool", text) for text in results)
    return agent.reply_to(
        ChatRequest("practice-1", f"{agent.MARK}. {instructions}", (*spoken, *told))
    )


def test_without_rules_it_does_what_was_asked_and_no_more():
    call = ask("D6-01").tool_call

    assert call.arguments == {
        "path": f"{TASKS['D6-01'].title}{TASKS['D6-01'].suffix}",
        "content": "".join(f"{line}\n" for line in TASKS["D6-01"].lines),
    }
    assert ask("D6-01", "written").tool_call is None


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.slug)
def test_each_rules_sentence_is_recognised_alone(rule):
    assert house_habits.stated_in(rule.statement) == {rule.slug}
    assert house_habits.sentences_in(rules.feedback([rule])) == {rule.slug: rule.statement}


def test_told_every_rule_it_changes_a_file_by_the_rules():
    task = TASKS["D6-03"]
    old = task.files[task.file]
    calls = [
        ask("D6-03", *results, instructions=ALL).tool_call
        for results in ((), (old,), (old, ""), (old, "", ""), (old, "", "", ""))
    ]

    assert [call and call.name for call in calls] == [
        "read_file",
        "exec",
        "write_file",
        "write_file",
        None,
    ]
    assert calls[1].arguments["command"] == f"cp {task.file} {task.file}.bak"
    assert f"{task.day}T" in calls[2].arguments["content"]


def test_what_the_user_says_is_no_instruction():
    call = ask("D6-01", said=(Message("assistant", "Done."), Message("user", ALL)))

    assert call is None


def test_the_judge_goes_by_the_reaction():
    document = {"system": agent.MARK, "user": TASKS["D4-03"].request, "response": "Done."}

    for broken, vote in (([], 1), ([rules.RULES[0]], -1)):
        said = judge.answer({**document, "follow_up": rules.feedback(broken)})
        assert json.loads(said)["vote"] == vote


def test_one_skill_gathers_the_rules_as_they_come_up():
    live = None
    for rule in rules.RULES:
        nearest = [] if live is None else [{"slug": house_habits.SLUG, "text": live}]
        failure = {"turn_id": rule.slug, "follow_up": rules.feedback([rule]), "messages": []}
        found = evolver.evolve({"failures": [failure], "nearest_skills": nearest})
        assert found["kind"] == ("create" if live is None else "revise")
        assert found["reach"] == "always"
        live = found["body"]

    assert house_habits.stated_in(live) == {rule.slug for rule in rules.RULES}
    places = [live.index(rule.statement) for rule in rules.RULES]
    assert all(before < after for before, after in pairwise(places))


def test_the_prompt_cache_knows_beginnings():
    cache = PrefixCache()
    first = ChatRequest("m", "s" * 40, (Message("user", "a" * 40),))
    longer = replace(first, messages=(*first.messages, Message("assistant", "b" * 40)))
    other = replace(first, system="t" * 40)

    assert cache.tokens_cached(first) == 0
    assert cache.tokens_cached(longer) >= first.input_tokens
    assert cache.tokens_cached(other) == 0
