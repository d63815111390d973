"""A policy of the workspace's own: trained while nobody asks, promoted, taken back.

With the local trainer and its demo model, which is made of random numbers and learns in seconds.
"""

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from metaclaw_web.cli.demo.trainer import local_trainer

pytestmark = pytest.mark.e2e

MODEL = "local/demo-1"
# Few, and too slow to have learned it all before the end.
STEPS = 16
ANY_HOUR = [{"weekday": day, "starts": "00:00", "ends": "24:00"} for day in range(7)]
# All but small letters: a fifth of what the demo model says at first.
CHECKER = {"kind": "share", "value": "[^a-z ]"}


@pytest.fixture(scope="module")
def trainer():
    pytest.importorskip("torch")
    with local_trainer() as trainer:
        yield trainer


@pytest.fixture
def policy(workspace, trainer):
    """Its name, which is also what its checkpoints answer under. It may train at any hour."""
    name = f"letters-{uuid4().hex[:8]}"

    def post(path: str, body: dict[str, object]) -> str:
        answer = workspace.api.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    rules = workspace.api.get("training/windows/").json()["rules"]
    put = workspace.api.put("training/windows/", json={**rules, "hours": ANY_HOUR})
    assert put.status_code == 200, put.text
    connection = {"name": "trainer", "kind": "tinker-policy", "model": MODEL}
    connection |= {"base_url": trainer.url, "api_key": trainer.key}
    tasks = [
        {"task_id": f"t{number}", "instruction": f"Say something, {number}.", "checker": CHECKER}
        for number in range(40)
    ]
    wanted = {
        "name": name,
        "upstream": post("upstreams/", connection),
        "base_model": MODEL,
        "source": "tasks",
        "task_set": post(
            "training/task-sets/",
            {"name": name, "jsonl": "\n".join(json.dumps(task) for task in tasks)},
        ),
        "rank": 8,
        "learning_rate": 0.001,
        "groups_per_step": 2,
        "group_size": 8,
        "max_tokens": 16,
        "steps_per_job": STEPS,
        "route_model": name,
        "gate_prompts": 6,
    }
    post("training/policies/", wanted)
    return name


def test_a_job_gives_way_to_traffic_and_its_checkpoint_serves_and_is_taken_back(
    page, workspace, policy
):
    page.goto(workspace.at("windows"))
    expect(page.get_by_text("A window is open", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Training", exact=True).click()
    page.get_by_role("link", name=policy).click()
    expect(page.get_by_role("heading", name=policy)).to_be_visible()
    page.get_by_role("button", name="In the next window").click()
    expect(page.get_by_text(f"{STEPS} steps planned.")).to_be_visible()
    far = page.get_by_role("progressbar", name=f"Progress of {policy}")
    under_way = page.get_by_text("Job under way").locator("..")
    expect(under_way.get_by_text("training", exact=True)).to_be_visible()

    # Somebody asks: it pauses after the step in hand, and says why.
    workspace.ask("Is anybody there?")
    expect(under_way.get_by_text("paused", exact=True)).to_be_visible()
    expect(
        page.get_by_text("Somebody asked something just now; training waits").first
    ).to_be_visible()
    done = far.get_attribute("aria-valuetext")
    assert not done.startswith(f"{STEPS} of")

    # Nobody asks any more: it goes on by itself, from where it was, to its end.
    expect(under_way.get_by_text("training", exact=True)).to_be_visible(timeout=120_000)
    expect(page.get_by_text(f"after {STEPS} of {STEPS} steps")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("slider", name=re.compile("Reward")).first).to_be_visible()

    # Its checkpoint was tried. Of a model that says one thing only a gate mostly says no.
    card = page.get_by_role("listitem").filter(has_text=f"Step {STEPS}")
    promote = card.get_by_role("button", name="Promote")
    expect(card.get_by_text(re.compile("^(passed|rejected)$")).first).to_be_visible()
    if not promote.is_visible():
        card.get_by_role("button", name="Pass by hand").click()
        page.get_by_label("Why").fill("It is to say one thing only.")
        page.get_by_role("dialog").get_by_role("button", name="Pass it").click()
        expect(page.get_by_text(f"Step {STEPS} passed by hand.")).to_be_visible()

    promote.click()
    page.get_by_role("dialog").get_by_role("button", name="Promote").click()
    expect(page.get_by_text(f"Step {STEPS} serves.")).to_be_visible()
    expect(card.get_by_text("serving", exact=True)).to_be_visible()
    assert "sampler_weights/" in served_by(workspace, policy)

    card.get_by_role("button", name="Roll back").click()
    page.get_by_role("dialog").get_by_label("Why").fill("Enough of it.")
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(page.get_by_text(f"Step {STEPS} was taken back.")).to_be_visible()
    expect(card.get_by_text("retired", exact=True)).to_be_visible()
    assert served_by(workspace, policy) == MODEL

    page.get_by_role("link", name="Audit").click()
    events = page.get_by_role("list", name="Events, newest first")
    expect(events.get_by_text("Enough of it.").first).to_be_visible()


def served_by(workspace, policy: str) -> str:
    """The model behind the public name; empty without a route."""
    for route in workspace.api.get("routes/").json()["results"]:
        if route["model"] == policy:
            return route["targets"][0]["model"]
    return ""
