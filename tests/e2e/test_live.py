"""What changes is pushed, a cut is survived without loss, and nobody polls."""

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cable import cable_to
from tests.e2e.conftest import wait_for

pytestmark = pytest.mark.e2e


@pytest.fixture
def cable(stack):
    with cable_to(urlsplit(stack["console_url"]).port) as cable:
        yield cable


def asked(workspace, words: str, count: int) -> list[str]:
    """Turns that are recorded by now."""
    said = [f"{words} lighthouse number {number}" for number in range(count)]
    before = len(workspace.api.get("turns/").json()["results"])
    for text in said:
        workspace.ask(text)
    wait_for(lambda: len(workspace.api.get("turns/").json()["results"]) == before + count)
    return said


def expect_each_once(page: Page, texts: list[str]) -> None:
    for text in texts:
        expect(page.get_by_role("row").filter(has_text=text)).to_have_count(1)
    # And the head of the table.
    expect(page.get_by_role("row")).to_have_count(len(texts) + 1)


def test_a_cut_socket_comes_back_and_misses_nothing(page, workspace, cable):
    page.goto(f"{cable.url}{workspace.at('turns')}")
    state = page.get_by_role("status").filter(has_text="Live")
    expect(state).to_be_visible()
    seen = asked(workspace, "Before the cut", 3)
    expect_each_once(page, seen)

    cable.cut()
    expect(page.get_by_text("Reconnecting…")).to_be_visible()
    missed = asked(workspace, "During the cut", 4)
    expect_each_once(page, seen)
    cable.mend()

    expect(state).to_be_visible()
    expect_each_once(page, seen + missed)
    after = asked(workspace, "After the cut", 2)
    expect_each_once(page, seen + missed + after)


def test_a_long_cut_in_which_nothing_happens_leaves_no_trace(page, workspace, cable):
    page.goto(f"{cable.url}{workspace.at('skills')}")
    state = page.get_by_role("status").filter(has_text="Live")
    rows = page.get_by_role("main").get_by_role("row")
    expect(state).to_be_visible()
    expect(rows.nth(1)).to_be_visible()
    count = rows.count()

    # It stays away for so long that the page asks by itself, in vain.
    cable.cut()
    expect(page.get_by_text("The console server cannot be reached.")).to_be_visible(timeout=30_000)
    cable.mend()

    expect(state).to_be_visible()
    expect(page.get_by_text("The console server cannot be reached.")).to_have_count(0)
    expect(rows).to_have_count(count)


def test_nothing_is_asked_for_while_the_socket_is_open(page, workspace):
    # Ten past: with the hour, the overview changes.
    at = time.time() // 3600 * 3600 + 600
    page.clock.install(time=at)
    said = asked(workspace, "Said early", 1)
    page.goto(workspace.at("turns"))
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    expect_each_once(page, said)
    page.wait_for_load_state("networkidle")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    page.clock.run_for(20 * 60_000)
    assert requests == []

    # It still hears.
    later = asked(workspace, "Said late", 1)
    expect_each_once(page, said + later)
    assert requests != []
