"""The simulated evolver retires and merges skills when it is told to in so many words."""

import json

import pytest

from apps.integrations.practice import evolver
from tests.factories import make_doc


def answer_to(remark, *slugs):
    document = {
        "failures": [
            {
                "turn_id": "t1",
                "messages": [{"role": "user", "content": "Hello"}],
                "follow_up": remark,
            }
        ],
        "nearest_skills": [{"slug": slug, "text": make_doc(slug).text} for slug in slugs],
    }
    return json.loads(evolver.answer(document))


def test_a_skill_that_is_there_is_retired():
    assert answer_to("No, retire the skill tea-time.", "tea-time") == {
        "kind": "retire",
        "name": "tea-time",
        "evidence_ids": ["t1"],
    }


def test_two_skills_are_merged_with_the_steps_of_both_once():
    found = answer_to("Please merge the skills tea-time and iso-dates.", "tea-time", "iso-dates")

    assert (found["kind"], found["name"]) == ("merge", "tea-time")
    assert found["merges"] == ["tea-time", "iso-dates"]
    assert found["body"].count("YYYY-MM-DD") == 1


@pytest.mark.parametrize(
    "remark",
    ["No, retire the skill nobody-knows.", "Please merge the skills tea-time and nobody-knows."],
)
def test_a_skill_it_was_not_shown_is_left_alone(remark):
    assert answer_to(remark, "tea-time")["kind"] == "create"
