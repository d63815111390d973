"""A browser that says how long pages take."""

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bench.console.stage import Stage

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_FRAMES = """() => {
  window.frames_ = []
  let last = performance.now()
  const step = (at) => {
    window.frames_.push(at - last)
    last = at
    window.next_ = requestAnimationFrame(step)
  }
  window.next_ = requestAnimationFrame(step)
}"""
# When each text that a test waits for was drawn: seen by an observer, then one frame later.
_WATCH = """() => {
  window.seen_ = {}
  const look = () => {
    const text = document.body ? document.body.innerText : ""
    for (const mark of window.marks_ ?? []) {
      if (!(mark in window.seen_) && text.includes(mark)) {
        window.seen_[mark] = null
        requestAnimationFrame(() => setTimeout(() => { window.seen_[mark] = Date.now() }))
      }
    }
  }
  const all = { childList: true, subtree: true, characterData: true }
  new MutationObserver(look).observe(document, all)
}"""


@contextmanager
def started() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("METACLAW_CHROMIUM") or None, args=_FLAGS
        )
        yield browser
        browser.close()


def signed_in(browser: Browser, stage: Stage) -> Any:
    """The cookies of the owner."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(stage.url)
    page.get_by_label("Email").fill(stage.email)
    page.get_by_label("Password", exact=True).fill(stage.password)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/t/{stage.slug}/"))
    state = context.storage_state()
    context.close()
    return state


def opened(browser: Browser, stage: Stage, state: Any) -> BrowserContext:
    """A window with an empty cache."""
    context = browser.new_context(
        storage_state=state,
        base_url=stage.url,
        viewport={"width": 1440, "height": 900},
        locale="en-US",
    )
    context.set_default_timeout(60_000)
    context.add_init_script(f"({_WATCH})()")
    return context


def first_paint_ms(browser: Browser, stage: Stage, state: Any, times: int) -> list[float]:
    """From asking for the Overview, with nothing in the cache, to its numbers on the screen."""
    found = []
    for _ in range(times):
        context = opened(browser, stage, state)
        page = context.new_page()
        page.add_init_script("window.marks_ = ['Failing turns']")
        page.goto(f"/t/{stage.slug}/overview", wait_until="commit")
        _until(page, "window.seen_?.['Failing turns']")
        found.append(page.evaluate("window.seen_['Failing turns'] - performance.timeOrigin"))
        context.close()
    return found


def seen_after_ms(page: Page, stage: Stage, times: int) -> list[float]:
    """From the commit of a turn to its line in the list."""
    page.goto(f"/t/{stage.slug}/turns")
    page.get_by_role("row").nth(3).wait_for()
    found = []
    for number in range(times):
        said = f"bench-mark-{number:04d}"
        page.evaluate("(mark) => { window.marks_ = [mark] }", said)
        page.wait_for_timeout(200 + 37 * (number % 7))
        committed = stage.another_turn(said)
        _until(page, f"window.seen_['{said}']")
        found.append(page.evaluate(f"window.seen_['{said}']") - 1000 * committed)
    return found


def scrolling_frames_ms(page: Page, stage: Stage, wheels: int) -> list[float]:
    page.goto(f"/t/{stage.slug}/turns")
    page.get_by_role("row").nth(3).wait_for()
    page.mouse.move(700, 500)
    return frames_ms(page, lambda: _wheel(page, wheels))


def _wheel(page: Page, wheels: int) -> None:
    for _ in range(wheels):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(30)


def frames_ms(page: Page, act: Callable[[], None]) -> list[float]:
    """How long each frame took while something was done."""
    page.evaluate(_FRAMES)
    act()
    page.evaluate("cancelAnimationFrame(window.next_)")
    found: list[float] = page.evaluate("window.frames_")
    return found[2:]


def filtering_ms(page: Page, stage: Stage, times: int) -> list[float]:
    """From choosing an outcome to the rows that have it."""
    page.goto(f"/t/{stage.slug}/turns")
    page.get_by_role("row").nth(3).wait_for()
    choice = page.get_by_label("Outcome")
    found = []
    for number in range(times):
        value = ("failed", "passed")[number % 2]
        page.evaluate(
            """([value]) => {
              const rows = () => [...document.querySelectorAll('[role=row]')].slice(1, 8)
              window.done_ = null
              const begun = performance.now()
              const look = () => {
                const now = rows()
                const all = now.length > 0 && now.every((row) => row.innerText.includes(value))
                if (all) window.done_ = performance.now() - begun
                else requestAnimationFrame(look)
              }
              requestAnimationFrame(look)
            }""",
            [value],
        )
        choice.select_option(value)
        _until(page, "window.done_ !== null")
        found.append(page.evaluate("window.done_"))
        page.wait_for_timeout(300)
    return found


def redraws_ms(page: Page, stage: Stage, policy_id: object, times: int) -> list[float]:
    """Looking along a curve: from a key to the frame in which all curves follow."""
    page.goto(f"/t/{stage.slug}/training/{policy_id}")
    slider = page.get_by_role("slider").first
    slider.wait_for()
    slider.focus()
    found = []
    for _ in range(times):
        page.evaluate(
            """() => {
              window.drawn_ = null
              addEventListener('keydown', () => {
                const begun = performance.now()
                requestAnimationFrame(() => setTimeout(() => {
                  window.drawn_ = performance.now() - begun
                }))
              }, { once: true, capture: true })
            }"""
        )
        page.keyboard.press("ArrowLeft")
        _until(page, "window.drawn_ !== null")
        found.append(page.evaluate("window.drawn_"))
    return found


def grown_ms(page: Page, stage: Stage, steps: int, times: int) -> list[float]:
    """A step is done: from its figures having arrived to the frame in which they are drawn."""
    # The charts follow the newest step as long as nobody looks along them.
    page.reload()
    page.get_by_role("slider").first.wait_for()
    found = []
    for number in range(steps + 1, steps + 1 + times):
        mark = f"step {number:,}"
        page.evaluate(
            "(mark) => { window.marks_ = [mark]; performance.clearResourceTimings() }", mark
        )
        stage.another_step(number)
        _until(page, f"window.seen_['{mark}']")
        found.append(
            page.evaluate(
                """(mark) => {
                  const jobs = performance.getEntriesByType('resource')
                    .filter(({ name }) => /training\\/jobs\\/[0-9a-f-]+\\/$/.test(name))
                  const end = Math.max(...jobs.map(({ responseEnd }) => responseEnd))
                  return window.seen_[mark] - performance.timeOrigin - end
                }""",
                mark,
            )
        )
    return found


def idle_requests(
    context: BrowserContext, stage: Stage, pages: list[str], seconds: int
) -> tuple[float, str]:
    """What a page that nobody touches asks for in a minute, the socket aside; and most of what."""
    asked: list[str] = []
    windows = []
    for name in pages:
        page = context.new_page()
        page.goto(f"/t/{stage.slug}/{name}")
        page.wait_for_load_state("networkidle")
        windows.append(page)
    windows[0].wait_for_timeout(3000)
    context.on("request", lambda request: asked.append(request.url))
    windows[0].wait_for_timeout(1000 * seconds)
    for page in windows:
        page.close()
    most = Counter(urlsplit(url).path for url in asked).most_common(1)
    return len(asked) * 60 / seconds / len(pages), ", ".join(path for path, _ in most)


def _until(page: Page, expression: str, seconds: float = 60) -> None:
    """Ask until it is true. The page's security policy lets nobody poll inside of it."""
    give_up = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > give_up:
            raise TimeoutError(f"not within {seconds} s: {expression}")
        page.wait_for_timeout(20)


def typical(values: list[float]) -> float:
    return median(values)
