import json
from pathlib import Path

import pytest

from apps.integrations.practice.tasks import FAMILIES, WORDINGS, TaskFamily
from tests.cli.conftest import Run
from tests.cli.fake_stack import FakeStack

SMALL = ("demo", "--rounds", "2", "--rules", "2", "--timeout", "5")


def test_the_agent_learns_and_the_result_says_so(
    stack: FakeStack, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "result.json"

    result = run(stack, "demo", "--rules", "5", "--timeout", "5", "--json", str(file))

    report = json.loads(file.read_text())
    assert result.exit_code == 0, result.output
    assert report["before"] == {"passed": 0, "total": 10}
    assert report["after"] == {"passed": 20, "total": 20}
    assert {each["outcome"] for each in report["proposals"]} == {"approved"}
    assert report["rules"][0]["carried"]["exact-dates-and-times@1"] == 4
    assert report["rules"][0]["injected_tokens"] == 500
    assert "simulated" in result.output


def test_every_session_is_a_task_and_a_remark_that_states_the_rule(
    stack: FakeStack, run: Run
) -> None:
    run(stack, *SMALL)

    sessions = [each["session"] for each in stack.seen]
    remarks = [each["body"]["messages"][-1]["content"] for each in stack.seen]
    tasks = [text for text in remarks if "house rule" not in text]
    assert all(sessions.count(session) == 2 for session in sessions)
    assert sum(text.startswith("That breaks our house rule: ") for text in remarks) == 4
    assert sum(text.startswith("That keeps our house rule: ") for text in remarks) == 4
    assert len(set(tasks)) == len(tasks) == 8


def test_both_dialects_streamed_and_whole_are_used(stack: FakeStack, run: Run) -> None:
    run(stack, *SMALL)

    ways = {(each["path"], each["body"]["stream"]) for each in stack.seen}
    assert len(ways) == 4


def test_a_second_run_says_that_the_skills_are_live_already(stack: FakeStack, run: Run) -> None:
    run(stack, *SMALL)

    result = run(stack, *SMALL)

    assert result.exit_code == 0
    assert "an earlier run are live" in result.output


def test_no_improvement_is_exit_status_1(stack: FakeStack, run: Run) -> None:
    stack.does_inject = False

    result = run(stack, *SMALL)

    assert result.exit_code == 1
    assert "did not get better" in result.output


@pytest.mark.parametrize(
    "knob,value,message",
    [
        ("does_judge", False, "Nothing to learn from"),
        ("does_evolve", False, "No proposal appeared"),
        ("mode", "observe", "only observes"),
        ("may_decide", False, "Your role may not decide."),
    ],
)
def test_what_keeps_the_demo_from_running_is_exit_status_2(
    stack: FakeStack, run: Run, knob: str, value: object, message: str
) -> None:
    setattr(stack, knob, value)

    result = run(stack, "demo", "--rounds", "2", "--rules", "1", "--timeout", "1")

    assert result.exit_code == 2
    assert message in result.output


def test_proposals_of_other_agents_are_left_alone(stack: FakeStack, run: Run) -> None:
    other = stack.add_proposal("somebody-elses", "# Not ours")
    other["evidence"].append({"turn_id": "t", "user_text": "How do I reset my password?"})

    run(stack, *SMALL)

    assert other["status"] == "pending"


def test_a_proposal_left_by_an_earlier_run_is_known_by_its_wording(
    stack: FakeStack, run: Run
) -> None:
    run(stack, *SMALL, "--no-approve", "--timeout", "1")
    for proposal in stack.proposals.values():
        proposal["evidence"] = [
            {**each, "turn_id": "of-an-earlier-run"} for each in proposal["evidence"]
        ]
    stack.does_evolve = False

    result = run(stack, *SMALL, "--seed", "7")

    assert result.exit_code == 0, result.output


def test_a_text_that_changed_is_read_again_before_it_is_approved(
    stack: FakeStack, run: Run
) -> None:
    stack.changes_on_approve = 1

    result = run(stack, *SMALL)

    assert result.exit_code == 0, result.output
    assert {p["status"] for p in stack.proposals.values()} == {"approved"}


def test_a_refused_approval_is_reported_and_nothing_is_called_learned(
    stack: FakeStack, run: Run
) -> None:
    stack.is_base_stale = True

    result = run(stack, *SMALL)

    assert result.exit_code == 1
    assert "not approved: The console answered 409: The skill itself changed." in result.output
    assert "0 of 0 approved skills are live" in result.output


def test_without_approve_nothing_goes_live_until_a_person_decides(
    stack: FakeStack, run: Run
) -> None:
    result = run(stack, *SMALL, "--no-approve", "--timeout", "1")

    assert result.exit_code == 2
    assert "still wait for a decision" in result.output
    assert not stack.skills


def test_a_real_provider_is_judged_by_the_stack_and_hears_its_own_dialect(
    stack: FakeStack, run: Run
) -> None:
    stack.is_simulated = False
    stack.kind = "openai"
    stack.does_inject = False

    result = run(stack, *SMALL)

    assert {each["path"] for each in stack.seen} == {"/v1/chat/completions"}
    assert result.exit_code == 1
    assert "simulated" not in result.output


def test_a_real_providers_pass_is_the_judges_word_not_our_check(
    stack: FakeStack, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.is_simulated = False
    stack.kind = "openai"
    monkeypatch.setattr("apps.integrations.practice.judge.verdict", lambda **_: (1, "Fine."))

    result = run(stack, *SMALL)

    assert result.exit_code == 0, result.output
    assert "4 of 4 tasks passed" in result.output


def test_the_demo_waits_for_the_judge(stack: FakeStack, run: Run) -> None:
    stack.is_simulated = False
    stack.kind = "openai"
    stack.late_scores = 3

    result = run(stack, *SMALL)

    assert result.exit_code == 0, result.output
    assert "The judge failed 4 of these 4 turns" in result.output


def test_a_stack_that_is_not_running_is_said_in_a_sentence(run: Run) -> None:
    gone = FakeStack(url="http://127.0.0.1:9")

    result = run(gone, "demo")

    assert result.exit_code == 2
    assert "does not answer at http://127.0.0.1:9" in result.output
    assert "Traceback" not in result.output


def test_too_many_rounds_for_the_wordings_is_refused(stack: FakeStack, run: Run) -> None:
    result = run(stack, "demo", "--rounds", "7", "--tasks", "5")

    assert result.exit_code == 2
    assert "15 wordings" in result.output


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.slug)
def test_every_wording_falls_under_its_own_rule_only(family: TaskFamily) -> None:
    wordings = {family.wording(number) for number in range(WORDINGS)}
    others = [other.rule for other in FAMILIES if other is not family]

    assert len(wordings) == WORDINGS
    for wording in wordings:
        assert family.rule.applies_to(wording), wording
        assert not [rule.slug for rule in others if rule.applies_to(wording)], wording
        assert not family.rule.is_stated_in(wording)
