"""Journeys of a person, in a real browser, on a real stack (`make test-browser` starts both)."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.workspaces import Workspace, chat, workspace_made

_CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_ROOT = Path(__file__).parent.parent.parent
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def stack() -> dict[str, str]:
    """Addresses, sign-in and keys of the stack that this run was given."""
    path = Path(os.environ["METACLAW_VAR_DIR"]) / "first-run.json"
    found: dict[str, str] = json.loads(path.read_text())
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("METACLAW_CHROMIUM") or None, args=_CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, stack: dict[str, str]) -> Any:
    """The cookies of somebody who signed in through the form."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(stack["console_url"])
    page.get_by_label("Email").fill(stack["email"])
    page.get_by_label("Password", exact=True).fill(stack["password"])
    page.keyboard.press("Enter")
    # Into the first of their workspaces, which need not be the stack's own any more.
    expect(page).to_have_url(re.compile("/t/[^/]+/"))
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def context(browser: Browser, signed_in: Any, stack: dict[str, str]) -> Iterator[BrowserContext]:
    context = browser.new_context(
        storage_state=signed_in,
        base_url=stack["console_url"],
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A signed-in page. An error that it throws or a rule of its security policy that it
    breaks fails the test."""
    with _without_problems(context) as page:
        yield page


@pytest.fixture
def visitor(browser: Browser, stack: dict[str, str]) -> Iterator[Page]:
    """Another person's browser: nobody is signed in. As strict as ``page``."""
    context = browser.new_context(
        base_url=stack["console_url"],
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
    )
    with _without_problems(context) as page:
        yield page
    context.close()


@contextmanager
def _without_problems(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield page
    assert problems == []


@pytest.fixture
def workspace(
    context: BrowserContext, stack: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[Workspace]:
    """An empty workspace that the person of ``page`` owns, of this test alone."""
    words = request.node.name.removeprefix("test_").replace("_", " ")
    with workspace_made(context, stack, f"{words[:60]} {time.time_ns()}") as made:
        yield made


@pytest.fixture
def ask(stack: dict[str, str]) -> Callable[..., httpx2.Response]:
    """Send a chat request through the gateway, as an agent would."""

    def send(text: str, *, key: str = "", **headers: str) -> httpx2.Response:
        return chat(stack["gateway_url"], key or stack["api_key"], text, **headers)

    return send


@pytest.fixture
def api(stack: dict[str, str]) -> Iterator[httpx2.Client]:
    """The REST interface of the workspace, as an integration with the admin key."""
    with httpx2.Client(
        base_url=f"{stack['console_url']}/api/v1/t/{stack['tenant']}/",
        headers={"authorization": f"Bearer {stack['admin_key']}"},
        timeout=30,
    ) as client:
        yield client


def wait_for(check: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask until the answer is truthy; returns it."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        found = check()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("did not happen in time")


def beside_stack(code: str, *arguments: str) -> str:
    """What Python prints that runs with the stack's settings, and Django set up."""
    # Without the secrets that test settings made beside the stack's files.
    env = {name: value for name, value in os.environ.items() if f"{name}_FILE" not in os.environ}
    found = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}", *arguments],
        check=True,
        cwd=_ROOT,
        env=env | {"DJANGO_SETTINGS_MODULE": "metaclaw_web.settings.dev"},
        stdout=subprocess.PIPE,
        text=True,
    )
    return found.stdout
