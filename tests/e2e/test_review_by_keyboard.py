"""From a failure to a live skill, by somebody who never touches the mouse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.integrations.practice.rules import rule_by_slug
from apps.integrations.practice.tasks import FAMILIES
from tests.e2e.conftest import wait_for

pytestmark = pytest.mark.e2e

RULES = [one for one in FAMILIES if one.slug in ("dated-kebab-file-names", "changelog-grouped")]

# The one that is shown: by its address, or because it is the first.
CURRENT = re.compile("page|true")


def focus_by_tab(page: Page, wanted: Locator) -> None:
    for _ in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


def test_a_failure_becomes_a_live_skill_without_a_mouse(page, workspace):
    page.goto(workspace.at("turns"))
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    for rule in RULES:
        # The same mistake in two sessions: as many as a proposal takes here.
        for number in range(2):
            workspace.ask(rule.wording(number), x_session_done="true")

    # The badge is pushed to whatever page is open.
    expect(page.get_by_role("link", name="Review 2 waiting")).to_be_visible(timeout=60_000)
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(f"{workspace.at('review')}$"))
    rows = (
        page.get_by_role("region", name="Review queue").get_by_role("listitem").get_by_role("link")
    )
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_have_attribute("aria-current", CURRENT)
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", CURRENT)
    page.keyboard.press("k")
    expect(rows.nth(0)).to_have_attribute("aria-current", CURRENT)

    # Open the row, and read: the text as agents will get it, and what it was written from.
    page.keyboard.press("j")
    focus_by_tab(page, rows.nth(1))
    page.keyboard.press("Enter")
    (rule,) = [one for one in RULES if one.slug in rows.nth(1).inner_text()]
    expect(page.get_by_role("heading", name=rule.slug).first).to_be_visible()
    focus_by_tab(page, page.get_by_role("tab", name="Diff"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    text = page.get_by_role("tabpanel", name="Preview")
    expect(text).to_contain_text(rule_by_slug(rule.slug).marker, ignore_case=True)
    why = page.get_by_role("complementary", name="Why this was proposed")
    expect(why.get_by_text("2 failing turns in 2 sessions")).to_be_visible()
    expect(why.get_by_text(rule.wording(1))).to_be_visible()

    # Decide with the key that stands on the button.
    approve = page.get_by_role("button", name="Approve for all")
    expect(approve).to_be_enabled()
    page.keyboard.press(approve.locator("kbd").inner_text().lower())
    expect(page.get_by_text(f"{rule.slug} approved. It is live now.")).to_be_visible()
    expect(page.get_by_role("link", name="Review 1 waiting")).to_be_visible()
    expect(rows).to_have_count(1)
    expect(page.get_by_role("heading", name=rule.slug)).to_have_count(0)

    # The next request of the agent carries it, and its page says so.
    carried = f"{rule.slug}@1"
    said = rule.wording(2)
    wait_for(lambda: carried in workspace.ask(said).headers["x-metaclaw-skills"], 5)
    page.keyboard.press("g")
    page.keyboard.press("t")
    newest = page.get_by_role("row").filter(has_text=said).first
    expect(newest).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("peek="))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{workspace.at('turns')}/[0-9a-f-]+$"))
    facts = page.get_by_role("region", name="Facts")
    expect(facts.get_by_role("link", name=carried)).to_be_visible()
    expect(page.get_by_text("Added by MetaClaw")).to_be_visible()
