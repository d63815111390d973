"""A second workspace, from the switcher to its first request, and what the first sees of it."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.workspaces import chat

pytestmark = pytest.mark.e2e


def switcher(page: Page):
    return page.get_by_role("button", name="change workspace")


def test_a_workspace_is_made_and_the_one_before_shows_nothing_of_it(page, stack, api):
    name = f"Harbour {time.time_ns()}"
    page.goto("/t/main/overview")
    switcher(page).click()
    page.get_by_role("menuitem", name="New workspace…").click()
    dialog = page.get_by_role("dialog", name="New workspace")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create workspace").click()

    # It opens where its first agent is connected, with the key that it was made with.
    slug = name.lower().replace(" ", "-")
    expect(page).to_have_url(re.compile(f"/t/{slug}/connect$"))
    key = page.get_by_test_id("secret").inner_text()
    expect(page.get_by_text("Waiting for the first request…")).to_be_visible()
    said = f"How high is the lighthouse of {name}?"
    answer = chat(stack["gateway_url"], key, said)
    assert answer.status_code == 200
    expect(page.get_by_text("Request received")).to_be_visible()
    page.get_by_role("link", name="Open the turn").click()
    turn_id = answer.headers["x-metaclaw-turn"]
    expect(page).to_have_url(re.compile(f"/t/{slug}/turns/{turn_id}$"))
    expect(page.get_by_text(said).first).to_be_visible()

    switcher(page).click()
    page.get_by_role("menuitem", name=re.compile("^Main workspace")).click()
    expect(page).to_have_url(re.compile("/t/main/overview"))
    page.goto(f"/t/main/turns?q={name}")
    expect(page.get_by_role("heading", name="Turns")).to_be_visible()
    expect(page.get_by_text("0 turns")).to_be_visible()
    expect(page.get_by_text(said)).to_have_count(0)
    page.goto(f"/t/main/turns/{turn_id}")
    expect(page.get_by_role("alert").get_by_text("Not found.")).to_be_visible()
    page.goto("/t/main/keys")
    expect(page.get_by_role("table", name="Keys")).to_be_visible()
    expect(page.get_by_text(key.split("_")[2])).to_have_count(0)
    page.goto("/t/main/audit")
    expect(page.get_by_role("list", name="Events, newest first")).to_be_visible()
    expect(page.get_by_role("main").get_by_text(name)).to_have_count(0)
    # Nor does a program with the first one's key get in.
    assert api.get(f"turns/{turn_id}/").status_code == 404
    assert api.get(f"/api/v1/t/{slug}/turns/").status_code == 404

    # What it has is its own: that one request and no other.
    page.goto(f"/t/{slug}/turns")
    expect(page.get_by_text("1 turn", exact=True)).to_be_visible()
