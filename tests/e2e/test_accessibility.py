import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

PAGES = [
    "overview",
    "connect",
    "turns",
    "sessions",
    "review",
    "annotate",
    "skills",
    "experiments",
    "learning",
    "training",
    "windows",
    "keys",
    "upstreams",
    "agents",
    "budgets",
    "members",
    "audit",
    "jobs",
    "settings",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(page, name, theme):
    page.emulate_media(color_scheme=theme)
    page.goto(f"/t/main/{name}")
    expect(page).to_have_url(re.compile(f"/t/main/{name}"))
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.wait_for_load_state("networkidle")

    found = Axe().run(page).response["violations"]

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_outside_of_workspaces(page, browser, stack, theme):
    page.emulate_media(color_scheme=theme)
    page.goto("/account")
    expect(page.get_by_text("Two-step sign-in")).to_be_visible()
    visitor = browser.new_page(color_scheme=theme)
    visitor.goto(f"{stack['console_url']}/sign-in?step=company&error=signup_closed")
    expect(visitor.get_by_role("alert")).to_be_visible()

    found = [one for at in (page, visitor) for one in Axe().run(at).response["violations"]]
    visitor.close()

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
