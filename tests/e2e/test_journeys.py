import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import wait_for

pytestmark = pytest.mark.e2e


def test_a_wrong_password_is_refused_with_words(browser, stack):
    page = browser.new_page()
    page.goto(stack["console_url"])

    page.get_by_label("Email").fill(stack["email"])
    page.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")

    expect(page.get_by_text("not correct")).to_be_visible()
    page.close()


def test_a_request_shows_up_live_and_opens_with_its_timeline(page, ask):
    page.goto("/t/main/turns")
    expect(page.get_by_role("heading", name="Turns")).to_be_visible()

    said = f"Tell me something about lighthouse number {time.time_ns()}"
    turn_id = ask(said).headers["x-metaclaw-turn"]

    # Pushed: nobody reloads the page.
    expect(page.get_by_text(said[:40]).first).to_be_visible(timeout=5_000)
    page.goto(f"/t/main/turns/{turn_id}")
    expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_text("recorded").first).to_be_visible()
    expect(page.get_by_text("simulated").first).to_be_visible()


def test_a_failing_turn_becomes_a_skill_that_the_next_request_carries(page, ask, api):
    page.goto("/t/main/review")
    before = ask("When does the release ship? Give me the exact date.", x_session_done="true")
    assert "exact-dates-and-times" not in before.headers["x-metaclaw-skills"]

    proposal = page.get_by_role("main").get_by_text("exact-dates-and-times").first
    expect(proposal).to_be_visible(timeout=60_000)
    proposal.click()
    expect(page.get_by_role("button", name="Approve for all")).to_be_enabled()
    page.keyboard.press("a")

    wait_for(lambda: api.get("skills/exact-dates-and-times/").status_code == 200, 10)
    time.sleep(1)  # the promise: live in every gateway process within a second
    after = ask("When does the maintenance start? Give me the exact date and time.")
    assert "exact-dates-and-times@1" in after.headers["x-metaclaw-skills"]
    page.goto("/t/main/skills/exact-dates-and-times")
    expect(page.get_by_role("heading", name="exact-dates-and-times")).to_be_visible()


def test_a_text_that_changed_while_it_was_read_is_not_approved(page, ask, api):
    ask("What does a pallet to Bergen cost? State the price.", x_session_done="true")
    found = wait_for(
        lambda: [
            one
            for one in api.get("proposals/").json()["results"]
            if one["slug"] == "price-amounts-with-currency"
        ]
    )
    page.goto(f"/t/main/review/{found[0]['id']}")
    expect(page.get_by_role("button", name="Approve for all")).to_be_enabled()

    proposal = api.get(f"proposals/{found[0]['id']}/").json()
    better = proposal["text"].replace("## Avoid", "3. Name the currency first.\n\n## Avoid")
    # The page holds the proposal for its reader; an admin may take it over.
    edit = {"text": better, "sha256": proposal["sha256"]}
    assert api.patch(f"proposals/{proposal['id']}/", json=edit).json()["code"] == "lease_held"
    edit |= {"take_over": True}
    stale = {"sha256": proposal["sha256"]}
    assert api.patch(f"proposals/{proposal['id']}/", json=edit).status_code == 200

    # The page keeps what was read and says so; the old hash opens nothing.
    expect(page.get_by_text("changed while you were reading")).to_be_visible()
    answer = api.post(f"proposals/{proposal['id']}/approve/", json=stale)
    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_changed")
    assert api.get("skills/price-amounts-with-currency/").status_code == 404


def test_a_key_is_shown_once_works_and_ends_when_revoked(page, ask):
    name = f"journey {time.time_ns()}"
    page.goto("/t/main/keys")
    page.get_by_role("button", name="New key").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create").last.click()
    key = page.get_by_role("dialog").get_by_text(re.compile(r"mck_live_\w{10}_\w{49}")).inner_text()

    assert ask("Hello there", key=key).status_code == 200
    page.goto("/t/main/keys")
    expect(page.get_by_text(key)).to_have_count(0)
    page.get_by_role("button", name=f"Revoke {name}").click()
    page.get_by_role("dialog").get_by_role("textbox").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Revoke key").click()
    wait_for(lambda: ask("Hello again", key=key).status_code == 401, 5)


def test_a_turn_is_judged_by_a_person_who_does_not_know_the_judge(page, ask, api):
    said = f"What does lighthouse {time.time_ns()} cost? State the price."
    turn_id = ask(said, x_session_done="true").headers["x-metaclaw-turn"]
    wait_for(lambda: api.get(f"turns/{turn_id}/").status_code == 200)
    page.goto(f"/t/main/turns/{turn_id}")
    page.get_by_role("button", name="Ask a reviewer").click()
    expect(page.get_by_role("button", name="In the queue")).to_be_visible()

    page.goto("/t/main/annotate")
    expect(page.get_by_text(said)).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.type("No price.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Your last answer")).to_be_visible()
    scores = api.get(f"turns/{turn_id}/").json()["scores"]
    assert [(s["value"], s["comment"]) for s in scores if s["kind"] == "human"] == [
        (-1, "No price.")
    ]
