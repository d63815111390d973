"""What others do shows on a page that is open, without a reload."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import wait_for

pytestmark = pytest.mark.e2e


def is_live(page):
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()


def test_keys_are_made_used_and_ended(page, workspace):
    page.goto(workspace.at("keys"))
    is_live(page)

    made = workspace.api.post("keys/", json={"name": "made elsewhere", "scopes": ["gateway"]})
    row = page.get_by_role("row").filter(has_text="made elsewhere")
    expect(row.get_by_text("never")).to_be_visible()

    agents = page.get_by_role("row").filter(has_not_text="journey").filter(has_text="never")
    expect(agents).to_have_count(1)
    workspace.ask("Is the lighthouse lit?")
    expect(agents).to_have_count(0)

    workspace.api.post(f"keys/{made.json()['id']}/revoke/")
    expect(row.get_by_text("revoked")).to_be_visible()


def test_settings_follow_and_what_is_typed_stays(page, workspace):
    page.goto(workspace.at("settings"))
    most = page.get_by_label("Skills per request, at most")
    is_live(page)
    most.fill("5")

    workspace.api.patch("settings/", json={"mode": "observe"})
    expect(page.get_by_role("radio", name="Observe")).to_be_checked()
    expect(most).to_have_value("5")

    workspace.api.patch("settings/", json={"max_skills": 7})
    expect(page.get_by_text("Somebody else has changed this meanwhile")).to_be_visible()
    expect(most).to_have_value("5")

    policy = workspace.api.get("review-policy/").json()
    workspace.api.put("review-policy/", json=policy | {"quorum": 4})
    expect(page.get_by_label("Approvals it takes")).to_have_value("4")


def test_jobs_come_and_are_done(page, workspace):
    page.goto(workspace.at("jobs"))
    is_live(page)

    workspace.ask("Is the lighthouse lit?", x_session_done="true")

    done = page.get_by_role("listitem").filter(has_text="Score a turn")
    expect(done.get_by_text("done")).to_be_visible(timeout=30_000)


def test_the_log_grows_on_top_and_what_is_read_stays(page, workspace):
    for number in range(40):
        name = f"key {number}"
        workspace.api.post("keys/", json={"name": name, "scopes": ["gateway"]})
    page.goto(workspace.at("audit"))
    is_live(page)
    log = page.get_by_role("list", name="Events, newest first")

    def summary(words):
        return log.locator("summary").filter(has_text=words)

    expect(summary("key 39")).to_be_visible()

    workspace.api.patch("settings/", json={"max_skills": 4})
    expect(log.get_by_role("listitem").first).to_contain_text("settings")

    read = summary("key 20 ")
    read.scroll_into_view_if_needed()
    read.click()
    before = read.bounding_box()
    workspace.api.patch("settings/", json={"max_skills": 5})
    pill = page.get_by_role("button", name="1 new event")
    expect(pill).to_be_visible()
    assert read.bounding_box() == before
    pill.click()
    expect(summary("max_skills: 5")).to_be_in_viewport()


def test_a_closed_tab_gives_its_lease_back(context, page, workspace):
    for case in ("a parcel is scanned", "a driver signs in"):
        workspace.ask(
            f"Write the log entry that our program prints when {case}.", x_session_done="true"
        )
    (proposal,) = wait_for(lambda: workspace.api.get("proposals/").json()["results"])

    def lease():
        return workspace.api.get(f"proposals/{proposal['id']}/").json()["lease"]

    tab = context.new_page()
    tab.goto(workspace.at(f"review/{proposal['id']}"))
    wait_for(lease, 10)

    tab.close(run_before_unload=True)

    begun = time.monotonic()
    wait_for(lambda: lease() is None, 10)
    assert time.monotonic() - begun < 10


def test_the_other_browser_is_signed_out(page, visitor, stack):
    visitor.goto("/")
    visitor.get_by_label("Email").fill(stack["email"])
    visitor.get_by_label("Password", exact=True).fill(stack["password"])
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("status").filter(has_text="Live")).to_be_visible()

    page.goto("/account")
    rows = page.get_by_role("list", name="Browsers that are signed in").get_by_role("listitem")
    expect(rows.first).to_contain_text("this one")
    # Other journeys may have left sessions of their own: only the newest is the visitor's.
    rows.nth(1).get_by_role("button", name="Sign out").click()

    # By its socket: nobody touches the other browser.
    expect(visitor).to_have_url(re.compile("/sign-in"), timeout=30_000)
