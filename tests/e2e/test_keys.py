"""A key gets another secret while its agents work on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import wait_for
from tests.e2e.workspaces import chat

pytestmark = pytest.mark.e2e


def rotate(page: Page, name: str, overlap: str) -> str:
    page.get_by_role("button", name=f"Rotate {name}").click()
    dialog = page.get_by_role("dialog", name=f"Rotate {name}")
    dialog.get_by_label("The old secret works on for").select_option(overlap)
    dialog.get_by_role("button", name="Rotate key").click()
    secret: str = page.get_by_test_id("secret").inner_text()
    return secret


def test_a_key_is_rotated_with_an_overlap_and_the_old_secret_is_ended(page, workspace, stack):
    def status(secret: str) -> int:
        return chat(stack["gateway_url"], secret, "Hello there").status_code

    name = "First gateway key"
    old = workspace.key
    page.goto(workspace.at("keys"))
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_have_count(1)

    new = rotate(page, name, "A day")
    expect(page.get_by_text(f"The secret ending in {old[-4:]} works until")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    assert new != old
    expect(page.get_by_text(new)).to_have_count(0)
    expect(row.get_by_text(re.compile(f"…{old[-4:]} works for .+ more"))).to_be_visible()
    # It stays one key, known by its new end.
    expect(row.get_by_text(new[-4:])).to_be_visible()

    # Both work: the new one within a second, the old one all the time.
    wait_for(lambda: status(new) == 200, 5)
    assert status(old) == 200

    page.get_by_role("button", name=f"End the old secret of {name} now").click()
    expect(page.get_by_text(f"The old secret of {name} ended.")).to_be_visible()
    expect(row.get_by_text("works for")).to_have_count(0)
    wait_for(lambda: status(old) == 401, 5)
    assert status(new) == 200

    # Without an overlap the secret before it ends with the rotation.
    newest = rotate(page, name, "It ends at once")
    expect(page.get_by_text("The old secret is refused from now on.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    wait_for(lambda: status(newest) == 200 and status(new) == 401, 5)

    page.goto(workspace.at("audit"))
    events = page.get_by_role("list", name="Events, newest first")
    expect(events.get_by_role("listitem").filter(has_text=name).first).to_be_visible()
