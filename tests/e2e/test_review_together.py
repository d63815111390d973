"""Two people before the same queue: one reads, the other sees it and keeps off."""

import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import wait_for
from tests.e2e.people import invite, join

pytestmark = pytest.mark.e2e


@pytest.fixture
def proposal(workspace):
    """One that waits for a person."""
    for case in ("a parcel is scanned", "a driver signs in"):
        workspace.ask(
            f"Write the log entry that our program prints when {case}.", x_session_done="true"
        )
    (found,) = wait_for(lambda: workspace.api.get("proposals/").json()["results"])
    return found


def holder_of(workspace, proposal) -> str | None:
    lease = workspace.api.get(f"proposals/{proposal['id']}/").json()["lease"]
    return lease and lease["holder"]


def test_who_comes_second_sees_who_reads_and_may_not_decide(page, visitor, workspace, proposal):
    stamp = time.time_ns()
    email, name = f"rita.{stamp}@example.com", f"Rita {stamp}"
    join(visitor, invite(page, email, "reviewer", tenant=workspace.slug), name)
    (owner,) = [
        one["name"]
        for one in workspace.api.get("members/").json()["results"]
        if one["role"] == "owner"
    ]
    address = workspace.at(f"review/{proposal['id']}")

    # Rita is first. She holds it for as long as it is on her screen.
    visitor.goto(address)
    approve = visitor.get_by_role("button", name="Approve for all")
    expect(approve).to_be_enabled()
    page.goto(address)
    expect(page.get_by_text(f"{name} reads this proposal right now.")).to_be_visible()
    # An owner may break in where it has to be.
    expect(page.get_by_role("button", name="Take over")).to_be_enabled()
    expect(page.get_by_role("button", name="Approve for all")).to_be_disabled()

    # She leaves: whoever waited is the next reader, and holds it when she comes back.
    visitor.get_by_role("link", name="Skills").click()
    expect(page.get_by_text("reads this proposal right now")).to_have_count(0)
    expect(page.get_by_role("button", name="Approve for all")).to_be_enabled()
    wait_for(lambda: holder_of(workspace, proposal) == owner, 10)
    visitor.goto(address)
    expect(visitor.get_by_text(f"{owner} reads this proposal right now.")).to_be_visible()
    expect(visitor.get_by_text(f"{owner} decides this now.")).to_be_visible()
    expect(visitor.get_by_role("button", name="Take over")).to_have_count(0)
    for button in ("Approve to canary", "Approve for all", "Edit", "Reject", "Quarantine"):
        expect(visitor.get_by_role("button", name=button)).to_be_disabled()
    # Neither do the keys, nor a request that the page would not send.
    for key in "caerq":
        visitor.keyboard.press(key)
    expect(visitor.get_by_role("dialog")).to_have_count(0)
    detail = visitor.request.get(f"/api/v1{address.replace('review', 'proposals')}/").json()
    token = {one["name"]: one["value"] for one in visitor.context.cookies()}["csrftoken"]
    for body in ({}, {"take_over": True}):
        answer = visitor.request.post(
            f"/api/v1{address.replace('review', 'proposals')}/approve/",
            data={"sha256": detail["sha256"], "to": "all", **body},
            headers={"x-csrftoken": token},
        )
        assert answer.status == 409, answer.text()
        assert answer.json()["code"] == "lease_held"
    assert workspace.api.get(f"proposals/{proposal['id']}/").json()["status"] == "pending"

    # The owner goes elsewhere: her page opens up by itself, and what she decides reaches the log.
    page.get_by_role("link", name="Audit").click()
    expect(visitor.get_by_text("reads this proposal right now")).to_have_count(0)
    expect(approve).to_be_enabled()
    visitor.keyboard.press("a")
    expect(visitor.get_by_text(f"{proposal['slug']} approved. It is live now.")).to_be_visible()
    events = page.get_by_role("list", name="Events, newest first")
    expect(events.get_by_text(name).first).to_be_visible()


def test_who_closes_the_tab_lets_the_next_one_decide(page, visitor, workspace, proposal):
    stamp = time.time_ns()
    name = f"Tom {stamp}"
    join(visitor, invite(page, f"tom.{stamp}@example.com", "reviewer", tenant=workspace.slug), name)
    address = workspace.at(f"review/{proposal['id']}")
    visitor.goto(address)
    expect(visitor.get_by_role("button", name="Approve for all")).to_be_enabled()
    page.goto(address)
    expect(page.get_by_text(f"{name} reads this proposal right now.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve for all")).to_be_disabled()

    # Not left for another page: closed, as tabs are.
    visitor.close(run_before_unload=True)

    # Long before the lease would have run out, and without anybody loading anything.
    expect(page.get_by_text("reads this proposal right now")).to_have_count(0, timeout=10_000)
    expect(page.get_by_role("button", name="Approve for all")).to_be_enabled()
