"""The demo workspace, from the list of workspaces to its end."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import beside_stack, wait_for

pytestmark = pytest.mark.e2e

LOADED_MS = 300_000


def test_a_demo_is_loaded_looked_at_and_removed_and_nothing_of_it_is_left(page, context) -> None:
    page.goto("/t/main/overview")
    page.get_by_role("button", name="change workspace").click()
    page.get_by_role("menuitem", name="Load the demo workspace").click()
    expect(page).to_have_url(re.compile("/t/larkfield-freight"))
    slug = page.url.split("/t/")[1].split("/")[0]
    banner = page.get_by_role("complementary", name="Demo workspace")
    expect(banner.get_by_role("status")).to_contain_text("Loading: day")
    expect(banner).to_contain_text("two weeks of an imaginary company", timeout=LOADED_MS)

    page.goto(f"/t/{slug}/skills/exact-dates-and-times")
    expect(page.get_by_role("heading", name="exact-dates-and-times")).to_be_visible()

    banner.get_by_role("button", name="Remove the demo").click()
    asked = page.get_by_role("dialog", name="Remove the demo workspace?")
    asked.get_by_role("button", name="Remove the demo").click()

    # Back in a workspace of one's own, in whose list it is not any more and may be loaded again.
    expect(page).not_to_have_url(re.compile(f"/t/{slug}"))
    page.get_by_role("button", name="change workspace").click()
    expect(page.get_by_role("menuitem", name=re.compile("^Main workspace"))).to_be_visible()
    expect(page.get_by_role("menuitem", name=re.compile("^Larkfield"))).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Load the demo workspace")).to_be_visible()
    # Also for who comes back by its address, or asks the server for anything of it.
    assert wait_for(lambda: context.request.get(f"/api/v1/t/{slug}/turns/").status == 404)
    assert slug not in [one["slug"] for one in session(context)["tenants"]]
    page.goto(f"/t/{slug}/overview")
    expect(page.get_by_text("Nothing lives here")).to_be_visible()
    # Its own row is the last that goes.
    assert wait_for(lambda: slug not in slugs_in_database())


def slugs_in_database() -> list[str]:
    """Those of every workspace; no address tells of one that nobody belongs to."""
    found = beside_stack(
        "from apps.tenants.models import Tenant; print(*(one.slug for one in Tenant.objects.all()))"
    )
    return found.split()


def session(context) -> dict:
    return context.request.get("/api/v1/session/").json()
