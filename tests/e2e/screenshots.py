"""``python -m tests.e2e.screenshots``: a picture of every page, for a person to look through.

Runs beside a whole stack (``make screenshots`` starts one that is thrown away). The demo workspace
is loaded first, so that pages have something to show. Pictures go to ``var/screenshots``, by theme,
width, role and language; nothing is compared: what is ugly, a person sees. The pictures of the
README are ``--look readme``.
"""

import argparse
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    TimeoutError,
    expect,
    sync_playwright,
)

from tests.e2e.conftest import _CHROMIUM_FLAGS
from tests.e2e.test_accessibility import PAGES

_FOLDER = Path(__file__).parent.parent.parent / "var" / "screenshots"
_WINDOW_HEIGHT = 900
_MOST_HEIGHT = 2600
_LOADING_MS = 600_000
_QUIET_MS = 8_000
# What is as tall as its content when nothing scrolls.
_HEIGHT = """() => Math.max(innerHeight, document.documentElement.scrollHeight,
  ...[...document.querySelectorAll('*')]
  .filter((one) => one.scrollHeight > one.clientHeight + 1
    && /auto|scroll/.test(getComputedStyle(one).overflowY))
  .map((one) => innerHeight + one.scrollHeight - one.clientHeight))"""


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    theme: str = "light"
    width: int = 1440
    role: str = "owner"
    language: str = "en"
    # As long as the page is, and not as the window.
    is_whole: bool = True


LOOKS = [
    Look("light"),
    Look("dark", theme="dark"),
    Look("narrow", width=1100),
    Look("narrow-dark", theme="dark", width=1100),
    Look("phone", width=390),
    Look("phone-dark", theme="dark", width=390),
    Look("viewer", role="viewer"),
    Look("chinese", language="zh-CN"),
    Look("readme", width=1280, is_whole=False),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.screenshots", description=__doc__)
    parser.add_argument("--look", action="append", choices=[look.name for look in LOOKS])
    parser.add_argument("--page", action="append", help="as in the address: turns, review …")
    parser.add_argument("--no-demo", action="store_true", help="as the stack is")
    asked = parser.parse_args()
    stack = json.loads((Path(os.environ["METACLAW_VAR_DIR"]) / "first-run.json").read_text())
    looks = [look for look in LOOKS if asked.look is None or look.name in asked.look]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("METACLAW_CHROMIUM") or None, args=_CHROMIUM_FLAGS
        )
        owner = _signed_in(browser, stack, stack["email"], stack["password"])
        slug = stack["tenant"] if asked.no_demo else _demo(browser, stack, owner)
        # Asked for only where it is needed: who joins stands in the activity of the overview.
        states = {"owner": owner}
        if any(look.role == "viewer" for look in looks):
            states["viewer"] = _viewer(browser, stack, owner, slug)
        for look in looks:
            state = states[look.role]
            context = _opened(browser, stack, look, state)
            names = asked.page or [*PAGES, *_rows(context, slug)]
            for path in _taken(context.new_page(), look, slug, names):
                sys.stdout.write(f"{path.relative_to(_FOLDER.parent.parent)}\n")
            context.close()
        browser.close()
    return 0


def _taken(page: Page, look: Look, slug: str, names: list[str]) -> Iterator[Path]:
    for name in names:
        page.set_viewport_size({"width": look.width, "height": _WINDOW_HEIGHT})
        page.goto(f"/t/{slug}/{name}" if not name.startswith("/") else name)
        # A page that hears of much that happens is never quiet for long.
        with suppress(TimeoutError):
            page.wait_for_load_state("networkidle", timeout=_QUIET_MS)
        page.wait_for_timeout(400)
        if look.is_whole:
            height = min(_MOST_HEIGHT, int(page.evaluate(_HEIGHT)))
            page.set_viewport_size({"width": look.width, "height": height})
            page.wait_for_timeout(300)
        path = _FOLDER / look.name / f"{re.sub(r'[^a-z0-9]+', '-', name).strip('-')}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path)
        yield path


def _rows(context: BrowserContext, slug: str) -> list[str]:
    """The newest of what has a page of its own."""

    def newest(path: str) -> Any:
        return context.request.get(f"/api/v1/t/{slug}/{path}").json()["results"][:1]

    found = ["/account"]
    for name, key in (("turns", "id"), ("sessions", "id"), ("skills", "slug")):
        found += [f"{name}/{row[key]}" for row in newest(f"{name}/?limit=1")]
    found += [f"training/{row['id']}" for row in newest("training/policies/?limit=1")]
    found += [f"experiments?tab=replays&replay={row['id']}" for row in newest("replays/?limit=1")]
    for row in newest("training/rollouts/?limit=1"):
        found.append(f"training/{row['policy']}?rollout={row['id']}")
    approved = newest("proposals/?status=approved&limit=1")
    return found + [f"review/{row['id']}?status=approved" for row in approved]


def _demo(browser: Browser, stack: dict[str, str], owner: Any) -> str:
    """A workspace with something on every page, loaded as people load it."""
    context = browser.new_context(storage_state=owner, base_url=stack["console_url"])
    page = context.new_page()
    page.goto(f"/t/{stack['tenant']}/overview")
    page.get_by_role("button", name="change workspace").click()
    # Loaded once, it stands in the list by its name.
    page.get_by_role("menuitem", name=re.compile("^Larkfield|Load the demo workspace")).click()
    page.get_by_text("two weeks of an imaginary company").wait_for(timeout=_LOADING_MS)
    slug = page.url.split("/t/")[1].split("/")[0]
    context.close()
    return slug


def _opened(browser: Browser, stack: dict[str, str], look: Look, state: Any) -> BrowserContext:
    return browser.new_context(
        storage_state=state,
        base_url=stack["console_url"],
        viewport={"width": look.width, "height": _WINDOW_HEIGHT},
        color_scheme="dark" if look.theme == "dark" else "light",
        locale="zh-CN" if look.language == "zh-CN" else "en-US",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )


def _signed_in(browser: Browser, stack: dict[str, str], email: str, password: str) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(stack["console_url"])
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/t/[^/]+/"), timeout=30_000)
    state = context.storage_state()
    context.close()
    return state


def _viewer(browser: Browser, stack: dict[str, str], owner: Any, slug: str) -> Any:
    """Somebody who may look at everything and change nothing, invited as people are."""
    context = browser.new_context(storage_state=owner, base_url=stack["console_url"])
    page = context.new_page()
    page.goto(f"/t/{slug}/members")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Email").fill(f"viewer-{secrets.token_hex(4)}@example.com")
    page.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.get_by_test_id("secret").inner_text()
    context.close()
    context = browser.new_context(base_url=stack["console_url"])
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Your name").fill("Vera Viewer")
    page.get_by_label("Password").fill(secrets.token_urlsafe(12))
    page.get_by_role("button", name="Make an account and join").click()
    expect(page.get_by_role("navigation").first).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


if __name__ == "__main__":
    sys.exit(main())
