"""The simulated judge and evolver, by the formats that the stack sends them."""

import json
import re
from typing import Any

import openai
import pytest

from apps.integrations.practice import evolver, judge, remarks
from apps.integrations.practice.rules import RULES, HouseRule, rule_by_slug

DATES = rule_by_slug("exact-dates-and-times")
MONEY = rule_by_slug("price-amounts-with-currency")
ASKED = "When does the stock count start? Give me the date and time."

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)


def failure(turn_id: str, user: str, **more: Any) -> dict[str, Any]:
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": user}]
    return {
        "turn_id": turn_id,
        "messages": messages,
        "response": "Tomorrow.",
        "follow_up": None,
        "rationales": ["Not good."],
        **more,
    }


def test_an_answer_that_breaks_a_rule_fails_with_the_reason() -> None:
    vote, why = judge.verdict(user=ASKED, response=DATES.broken[0], follow_up="Thanks!")

    assert vote == -1
    assert DATES.statement in why


def test_an_answer_that_keeps_a_rule_passes() -> None:
    assert judge.verdict(user=ASKED, response=DATES.kept[0], follow_up="")[0] == 1


@pytest.mark.parametrize(
    "follow_up,vote",
    [("", 0), ("And now?", 0), ("Thank you!", 1), ("No, that is wrong.", -1), ("Perfect", 1)],
)
def test_without_a_rule_the_users_reaction_decides(follow_up: str, vote: int) -> None:
    assert judge.verdict(user="Hello", response="Hi", follow_up=follow_up)[0] == vote


@each_rule
def test_a_remark_about_a_rule_is_not_a_new_request(rule: HouseRule) -> None:
    for verb in ("breaks", "keeps"):
        remark = f"That {verb} our house rule: {rule.statement}."
        assert judge.verdict(user=remark, response="Noted.", follow_up="")[0] == 0
        assert remarks.complains(remark) is (verb == "breaks")
        assert remarks.praises(remark) is (verb == "keeps")


def test_the_skill_covers_the_first_pattern_and_names_all_its_failures() -> None:
    failures = [
        failure("a", ASKED),
        failure("b", "How much is a pallet?"),
        failure("c", "What is the schedule of the audit?"),
    ]

    skill = evolver.evolve({"task": "evolve", "failures": failures, "nearest_skills": []})

    assert (skill["kind"], skill["name"]) == ("create", DATES.slug)
    assert skill["evidence_ids"] == ["a", "c"]


@each_rule
def test_the_written_skill_has_the_agreed_form_and_teaches_the_rule(rule: HouseRule) -> None:
    body = evolver.body_of(rule.skill)

    assert body.startswith("# ")
    assert re.search(r"^## Steps\n1\. .+\n2\. ", body, re.MULTILINE)
    assert re.search(r"^## Avoid\n- ", body, re.MULTILINE)
    assert rule.is_stated_in(body)


def test_an_existing_skill_is_revised_and_grows_by_one_step_each_time() -> None:
    text = evolver.body_of(DATES.skill)
    lengths = []
    for _ in range(4):
        nearest = [{"slug": DATES.slug, "version": 1, "text": text}]
        skill = evolver.evolve({"failures": [failure("a", ASKED)], "nearest_skills": nearest})
        assert skill["kind"] == "revise"
        assert skill["body"] != text
        text = skill["body"]
        lengths.append(len(re.findall(r"^\d+\. ", text, re.MULTILINE)))

    assert lengths == [4, 5, 6, 7]


def test_a_reviewers_comment_finds_its_way_into_the_next_try() -> None:
    rejections = [{"slug": DATES.slug, "reason": "vague", "comment": "Name the zone."}]

    skill = evolver.evolve({"failures": [failure("a", ASKED)], "rejections": rejections})

    assert "A reviewer said: Name the zone." in skill["body"]


def test_a_failure_outside_the_house_rules_becomes_a_skill_of_the_correction() -> None:
    failures = [
        failure("a", "Tell me about your boss.", follow_up="Wrong, talk like a friendly pirate."),
        failure("b", ASKED),
    ]

    skill = evolver.evolve({"failures": failures, "categories": ["general", "common_mistakes"]})

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", skill["name"])
    assert skill["evidence_ids"] == ["a"]
    assert "talk like a friendly pirate" in skill["body"]
    assert "boss" in skill["description"]


@pytest.mark.parametrize("document", [{}, {"failures": None}, {"failures": ["x", {}]}])
def test_a_strange_document_still_gets_an_answer_of_the_right_shape(
    document: dict[str, Any],
) -> None:
    skill = evolver.evolve(document)

    assert skill["name"]
    assert skill["evidence_ids"] == []


def test_judge_and_evolver_answer_through_the_api(practice_url: str) -> None:
    client = openai.OpenAI(base_url=f"{practice_url}/v1", api_key="any")

    def ask(first_line: str, document: dict[str, Any]) -> dict[str, Any]:
        answer = client.chat.completions.create(
            model="practice-1",
            messages=[
                {"role": "system", "content": f"{first_line}\nMore words."},
                {"role": "user", "content": json.dumps(document)},
            ],
        )
        return json.loads(answer.choices[0].message.content or "")

    with client:
        vote = ask(
            "# MetaClaw judge, prompt version judge-v1",
            {"task": "judge", "user": ASKED, "response": "Soon.", "follow_up": None},
        )
        skill = ask(
            "# MetaClaw evolver, prompt version evolver-v1",
            {"task": "evolve", "failures": [failure("a", ASKED)]},
        )

    assert vote["vote"] == -1
    assert vote["rationale"]
    assert skill["name"] == DATES.slug
    assert skill["category"] == "communication"
    assert skill["reach"] == "relevant"
