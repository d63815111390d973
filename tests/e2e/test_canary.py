"""A skill that harms takes itself out, before the eyes of whoever watches."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx2
import pytest
from playwright.sync_api import expect

from apps.integrations.practice.tasks import FAMILIES
from tests.e2e.conftest import wait_for

pytestmark = pytest.mark.e2e

(RULE,) = [one for one in FAMILIES if one.slug == "backup-before-change"]
# Half of them get it; proof takes eight pairs or so that all say the same.
SESSIONS = 32


def carries(answer: httpx2.Response) -> bool:
    return RULE.slug in answer.headers["x-metaclaw-skills"]


def used(workspace, number: int) -> tuple[str, str, bool]:
    """A session whose user is unhappy exactly where the skill was: its id, its turn, and that."""
    session = f"canary-{number}"
    answer = workspace.ask(RULE.wording(number), x_session_id=session)
    has_skill = carries(answer)
    turn_id = answer.headers["x-metaclaw-turn"]
    told = httpx2.post(
        f"{workspace.gateway_url}/v1/feedback",
        json={"turn_id": turn_id, "value": not has_skill, "comment": "Said by the journey."},
        headers={"authorization": f"Bearer {workspace.key}"},
    )
    assert told.status_code == 202
    return session, turn_id, has_skill


def test_a_harmful_skill_on_trial_is_rolled_back_while_one_looks_on(page, workspace):
    for number in range(2):
        workspace.ask(RULE.wording(number), x_session_done="true")
    (proposal,) = wait_for(lambda: workspace.api.get("proposals/").json()["results"])
    page.goto(workspace.at(f"review/{proposal['id']}"))
    page.get_by_role("button", name="Approve to canary").click()
    expect(page.get_by_text("Half of the sessions get it: see Experiments.")).to_be_visible()

    page.get_by_role("link", name="Experiments").click()
    row = page.get_by_role("button", name=re.compile(RULE.slug))
    card = page.get_by_role("region", name=f"Canary of {RULE.slug}")
    expect(row.get_by_text("running")).to_be_visible()
    expect(card.get_by_text("50 % of the sessions get v1, the others nothing.")).to_be_visible()
    expect(page.get_by_text("no pair yet")).to_be_visible()
    # Gateways hear of it within a second; these sessions never end, so they never count.
    probes = count()
    wait_for(lambda: carries(workspace.ask(RULE.wording(0), x_session_id=f"p{next(probes)}")), 10)

    with ThreadPoolExecutor(4) as pool:
        sessions = list(pool.map(lambda number: used(workspace, number), range(SESSIONS)))
    treated = {session for session, _, has_skill in sessions if has_skill}
    assert 8 <= len(treated) <= SESSIONS - 8
    outcomes = {turn_id: has_skill for _, turn_id, has_skill in sessions}
    wait_for(lambda: outcomes.keys() <= failed_or_passed(workspace, outcomes))
    # Over and judged: only now they count.
    for session, _, _ in sessions:
        workspace.ask(
            "That was all.", x_session_id=session, x_session_done="true", x_turn_type="side"
        )

    # Nobody reloads. The evidence grows, and the trial ends by itself.
    expect(card.get_by_text("rolled back")).to_be_visible(timeout=90_000)
    expect(row.get_by_text("rolled back")).to_be_visible()
    reason = card.get_by_text(
        re.compile(r"Success moved by -1\.00 \(from .+ to .+\) over \d+ pairs")
    )
    expect(reason).to_be_visible()
    said = reason.inner_text()
    expect(card.get_by_text("50 % of the sessions got v1")).to_be_visible()
    expect(page.get_by_role("button", name="Promote now")).to_have_count(0)

    # Its numbers are in the log, and nobody carries it any more.
    page.get_by_role("link", name="Audit").click()
    events = page.get_by_role("list", name="Events, newest first")
    ended = events.get_by_role("listitem").filter(has_text="rolled back").first
    expect(ended).to_contain_text(RULE.slug)
    ended.locator("summary").click()
    expect(ended.get_by_role("definition").filter(has_text=said)).to_be_visible()
    for number in range(6):
        assert not carries(workspace.ask(RULE.wording(number)))


def failed_or_passed(workspace, outcomes: dict[str, bool]) -> set[str]:
    """The turns whose outcome is what their user said."""
    wanted = {True: "failed", False: "passed"}
    rows = workspace.api.get("turns/?limit=100").json()["results"]
    return {row["id"] for row in rows if row["outcome"] == wanted.get(outcomes.get(row["id"], 0))}
