"""How somebody else comes into a workspace: by a link, in a browser of their own."""

from playwright.sync_api import Page, expect


def invite(page: Page, email: str, role: str, *, tenant: str = "main") -> str:
    """The link that a person who may invite hands on."""
    page.goto(f"/t/{tenant}/members")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Role", exact=True).select_option(role)
    page.get_by_role("button", name="Invite", exact=True).click()
    link: str = page.get_by_test_id("secret").inner_text()
    page.get_by_role("button", name="Done").click()
    return link


def join(visitor: Page, link: str, name: str) -> None:
    """Make an account on the way, and come in."""
    visitor.goto(link)
    visitor.get_by_label("Your name").fill(name)
    visitor.get_by_label("Password").fill("a lighthouse in the fog")
    visitor.get_by_role("button", name="Make an account and join").click()
    expect(visitor.get_by_role("navigation").first).to_be_visible()
