"""``python -m bench.console``: is the console quick, and quiet when nothing happens?

Runs beside a whole stack (``python -m metaclaw_web.stack exec --full -- …`` starts one that is
thrown away) with a real browser. Fills the stack's workspace. Exits with 1 when an aim is missed.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
# The browser's library keeps an event loop in this thread; nothing of ours runs on it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()

import numpy as np  # noqa: E402

from bench.console import browsing, report, sizes  # noqa: E402
from bench.console.report import Figure  # noqa: E402
from bench.console.stage import Stage  # noqa: E402

_DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "bench-console.md"
_STEPS = 10_000
_IDLE_PAGES = ["overview", "turns", "review", "skills", "training", "windows", "budgets", "jobs"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    parser.add_argument("--turns", type=int, default=100_000)
    parser.add_argument("--docs", action="store_true", help="write docs/bench-console.md too")
    asked = parser.parse_args()
    figures = [*_sizes(), *_pages(asked.turns)]
    measured_at = datetime.now(UTC).date().isoformat()
    table = report.markdown(figures, measured_at)
    report.keep(figures, measured_at)
    if asked.docs:
        report.write(table, _DOCUMENT)
    print(table)
    return 0 if all(figure.is_met for figure in figures) else 1


def _sizes() -> list[Figure]:
    route, size = sizes.largest_route_kb()
    return [
        Figure("JavaScript before any page, gzipped", "kB", 180, sizes.entry_kb()),
        Figure("the largest page on top of it, gzipped", "kB", 60, size, route),
    ]


def _pages(turns: int) -> list[Figure]:
    stage = Stage()
    policy_id = stage.fill(turns, _STEPS)
    with browsing.started() as browser:
        state = browsing.signed_in(browser, stage)
        painted = browsing.first_paint_ms(browser, stage, state, times=7)
        context = browsing.opened(browser, stage, state)
        page = context.new_page()
        seen = browsing.seen_after_ms(page, stage, times=60)
        frames = browsing.scrolling_frames_ms(page, stage, wheels=300)
        filtered = browsing.filtering_ms(page, stage, times=20)
        looked = browsing.redraws_ms(page, stage, policy_id, times=40)
        grown = browsing.grown_ms(page, stage, _STEPS, times=15)
        page.close()
        idle = browsing.idle_requests(context, stage, _IDLE_PAGES, seconds=60)
    return [
        Figure("Overview, nothing cached: to its numbers", "ms", 1500, browsing.typical(painted)),
        Figure("event committed to seen, p95", "ms", 500, _percentile(seen, 95)),
        Figure("event committed to seen, median", "ms", None, browsing.typical(seen)),
        Figure(f"longest frame scrolling {turns:,} turns", "ms", 100, max(frames)),
        Figure("frame of that scrolling, p99", "ms", None, _percentile(frames, 99)),
        Figure("filter chosen to rows shown, median", "ms", 300, browsing.typical(filtered)),
        Figure(
            f"curves of {_STEPS:,} steps: looked along, median", "ms", 25, browsing.typical(looked)
        ),
        Figure(
            "the same, a step more: arrived to drawn, median", "ms", None, browsing.typical(grown)
        ),
        Figure("requests of an idle page in a minute", "", 0, *idle),
    ]


def _percentile(values: list[float], percent: float) -> float:
    return float(np.percentile(values, percent))


if __name__ == "__main__":
    sys.exit(main())
