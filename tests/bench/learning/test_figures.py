import struct
import xml.etree.ElementTree as ET

import pytest

from bench.learning import chart, figures, report, tasks
from bench.learning.agent import Outcome
from bench.learning.arms import ARMS, ArmResult

TASKS = tasks.load()
ARM = {arm.name: arm for arm in ARMS}


def result(name, *, fails=(), injected=500):
    """An arm that broke every due rule of the tasks named, and none of another."""
    outcomes = [
        Outcome(
            task,
            broken=task.due if task.id in fails else (),
            is_exact=True,
            requests=2,
            input_tokens=100,
            cached_tokens=40,
        )
        for task in TASKS
    ]
    decisions = ["a-rule: rejected"] if ARM[name].decides else []
    return ArmResult(ARM[name], outcomes, decisions, injected_characters=injected)


def verdicts(*results, is_simulated=True):
    return {aim.name: aim.is_met for aim in figures.aims(results, is_simulated=is_simulated)}


def test_figures_count_rules_tasks_and_tokens():
    found = figures.of(result("learn", fails={"D1-01", "D6-01"}).outcomes)
    counted = [task for task in TASKS if task.due]
    due = sum(len(task.due) for task in counted)

    assert found.accuracy == pytest.approx((due - 1 - 4) / due)
    assert found.completion == pytest.approx((len(counted) - 2) / len(counted))
    assert found.exact == found.completion
    assert found.input_tokens == 100 * len(TASKS)
    assert found.cached_share == pytest.approx(0.4)


def test_a_task_without_a_due_rule_is_no_success():
    outcomes = [one for one in result("direct").outcomes if not one.task.due]

    assert figures.of(outcomes).completion == 0.0


@pytest.mark.parametrize("failures, is_met", [(0, True), (3, True), (4, False)])
def test_learning_has_to_come_near_the_notebook(failures, is_met):
    fails = [task.id for task in TASKS if task.due][:failures]
    found = verdicts(result("notebook"), result("learn", fails=fails))

    assert found["learn: ≥ 0.95 of the notebook's completion"] is is_met


@pytest.mark.parametrize("injected, is_met", [(3000, True), (3001, False), (0, False)])
def test_learning_may_not_fill_the_prompt_nor_do_without(injected, is_met):
    found = verdicts(result("learn", injected=injected))

    assert found["learn: at most 3,000 characters injected into a request"] is is_met


@pytest.mark.parametrize("name", ["rejected", "second-tenant"])
def test_arms_that_learn_nothing_equal_observing_task_by_task(name):
    swapped = {"D2-01"}, {"D2-02"}

    assert verdicts(result("observe"), result(name))[f"{name} equals observe"]
    pair = result("observe", fails=swapped[0]), result(name, fails=swapped[1])
    assert not verdicts(*pair)[f"{name} equals observe"]
    assert verdicts(*pair, is_simulated=False)[f"{name} equals observe"]


@pytest.mark.parametrize("failures, is_met", [(1, True), (2, False)])
def test_the_bank_may_cost_two_points(failures, is_met):
    fails = [task.id for task in TASKS if task.due][:failures]
    found = verdicts(result("learn"), result("learn-bank", fails=fails))

    assert found["learn: empty library and bank within 2 points"] is is_met


def test_the_report_shows_each_arm_and_what_was_missed(tmp_path):
    results = [result("notebook"), result("learn", injected=9_999)]
    text = report.text(results, figures.aims(results, is_simulated=True), "72 tasks.")
    document = tmp_path / "page.md"
    document.write_text("a\n<!-- results: begin -->\nold\n<!-- results: end -->\nz\n")
    report.write_into(document, text)

    assert "MISSED" in text
    assert text.count("| learn |") == 4
    assert "old" not in document.read_text()
    assert document.read_text().endswith("<!-- results: end -->\nz\n")


def test_the_chart_is_well_formed_in_both_formats(tmp_path):
    results = [result("observe"), result("learn", fails={"D1-01"})]
    chart.write(results, tmp_path / "c.svg", tmp_path / "c.png", model="a < b")
    png = (tmp_path / "c.png").read_bytes()
    lines = ET.parse(tmp_path / "c.svg").findall("{*}polyline")

    assert len(lines) == 2
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (860, 420)
    assert png.endswith(b"IEND\xaeB`\x82")


def test_an_arm_in_which_nothing_was_rejected_proves_nothing():
    idle = ArmResult(ARM["rejected"], result("rejected").outcomes)

    assert not verdicts(result("observe"), idle)["rejected equals observe"]
