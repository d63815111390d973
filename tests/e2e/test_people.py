"""Somebody is invited, works within their role, and is let go."""

import time

import pytest
from playwright.sync_api import expect

from tests.e2e.people import invite, join

pytestmark = pytest.mark.e2e


def test_a_member_is_invited_meets_the_limits_of_the_role_and_is_removed(page, visitor, stack):
    # Taken from the clock: the stack may have seen this test before.
    name = f"Nora {time.time_ns()}"
    email = f"{name.lower().replace(' ', '.')}@example.com"
    link = invite(page, email, "viewer")
    assert link.startswith(f"{stack['console_url']}/invitations/mci_")
    expect(page.get_by_role("list", name="Invitations").get_by_text(email)).to_be_visible()

    # Whoever is signed in under another address learns nothing of it.
    page.goto(link)
    expect(page.get_by_text("This invitation is for somebody else")).to_be_visible()
    expect(page.get_by_text(email)).to_have_count(0)

    visitor.goto(link)
    expect(visitor.get_by_role("heading", name="Join Main workspace")).to_be_visible()
    visitor.get_by_label("Your name").fill(name)
    visitor.get_by_label("Password").fill("password123")
    visitor.get_by_role("button", name="Make an account and join").click()
    expect(visitor.get_by_text("too common")).to_be_visible()
    visitor.get_by_label("Password").fill("a lighthouse in the fog")
    visitor.get_by_role("button", name="Make an account and join").click()
    expect(visitor.get_by_role("navigation").first).to_be_visible()

    # What a viewer may not do is there, disabled, with the reason.
    visitor.goto("/t/main/keys")
    expect(visitor.get_by_role("button", name="New key").first).to_be_disabled()
    visitor.goto("/t/main/audit")
    expect(visitor.get_by_text("Admins and above read the audit log")).to_be_visible()
    visitor.goto("/t/main/members")
    own = visitor.get_by_label(f"Role of {name}")
    expect(own).to_be_disabled()
    expect(own).to_have_attribute("title", "Admins and above change roles.")
    expect(visitor.get_by_role("button", name="Invite somebody")).to_be_disabled()

    # Another role holds while they look at the page.
    page.goto("/t/main/members")
    page.get_by_label(f"Role of {name}").select_option("admin")
    expect(page.get_by_text(f"{name} is admin now.")).to_be_visible()
    expect(visitor.get_by_role("button", name="Invite somebody")).to_be_enabled()

    # Let go: their page closes by itself, their session keeps nothing of the workspace.
    page.get_by_role("button", name=f"Remove {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(visitor.get_by_text("Main workspace is closed to you")).to_be_visible(timeout=5_000)
    visitor.get_by_role("button", name="Go on without it").click()
    expect(visitor.get_by_text("You belong to no workspace yet")).to_be_visible()
    visitor.goto("/t/main/overview")
    expect(visitor.get_by_text("Nothing lives here")).to_be_visible()
    visitor.goto(link)
    expect(visitor.get_by_text("This invitation was used already")).to_be_visible()

    # All of it is in the log, and the log is what was written.
    page.goto(f"/t/main/audit?q={email}")
    events = page.get_by_role("list", name="Events, newest first")
    for words in ("removed from the workspace", "has another role", "joined", "invited"):
        expect(events.get_by_text(words).first).to_be_visible()
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_text("intact", exact=True)).to_be_visible()


def test_who_has_an_account_signs_in_on_the_way_and_accepts(page, visitor, api):
    email = f"ada.{time.time_ns()}@example.com"
    join(visitor, invite(page, email, "reviewer"), "Ada")
    (row,) = [one for one in api.get("members/").json()["results"] if one["email"] == email]
    assert api.delete(f"members/{row['id']}/").status_code == 204
    visitor.context.clear_cookies()

    visitor.goto(invite(page, email, "viewer"))
    visitor.get_by_role("button", name="Sign in to accept").click()
    visitor.get_by_label("Email").fill(email)
    visitor.get_by_label("Password", exact=True).fill("a lighthouse in the fog")
    visitor.keyboard.press("Enter")
    visitor.get_by_role("button", name="Accept the invitation").click()

    expect(visitor.get_by_role("navigation").first).to_be_visible()
    (row,) = [one for one in api.get("members/").json()["results"] if one["email"] == email]
    assert row["role"] == "viewer"
    api.delete(f"members/{row['id']}/")


def test_a_link_that_was_taken_back_says_so(page, visitor):
    email = f"late.{time.time_ns()}@example.com"
    link = invite(page, email, "member")
    page.get_by_role("button", name=f"Revoke the invitation of {email}").click()
    expect(page.get_by_text(f"The invitation of {email} is revoked.")).to_be_visible()

    visitor.goto(link)

    expect(visitor.get_by_text("This invitation was taken back")).to_be_visible()
    visitor.goto(link[:-1])
    expect(visitor.get_by_text("There is no such invitation")).to_be_visible()
    expect(visitor.get_by_text(email)).to_have_count(0)
