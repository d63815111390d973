"""``python -m bench.learning``: does an agent learn rules that no request names?

Runs beside a whole stack (``make bench-learning`` brings one of its own). Exits with 1 when an
aim is missed, with 2 when nothing could be measured.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from uuid import uuid4

from bench.errors import BenchError
from bench.learning.provider import Provider

_FOLDER = Path(__file__).parent
_DOCUMENT = _FOLDER.parents[1] / "docs" / "bench-learning.md"
_CHART = _DOCUMENT.parent / "images" / "bench-learning"


def main() -> int:
    options = _parser().parse_args()
    try:
        provider = _provider(options)
        _set_up_django()
        from metaclaw_web.cli.errors import CliError

        try:
            return _run(options, provider)
        except CliError as exc:
            raise BenchError(str(exc)) from exc
    except BenchError as exc:
        print(f"bench-learning: {exc}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, provider: Provider) -> int:
    from bench.learning import arms, chart, figures, report, tasks

    setting = arms.Setting(
        provider=provider,
        console_url=_address("CONSOLE"),
        gateway_url=_address("GATEWAY"),
        patience=options.patience or (120.0 if provider.is_simulated else 300.0),
        run=uuid4().hex[:6],
    )
    chosen = [arm for arm in arms.ARMS if not options.arm or arm.name in options.arm]
    given = tasks.load()[: options.tasks]
    results = [arms.play(arm, given, setting, _say) for arm in chosen]
    checked = figures.aims(results, is_simulated=provider.is_simulated)
    model = f"{provider.model} (simulated)" if provider.is_simulated else provider.model
    text = report.text(results, checked, f"{len(given)} tasks, model {model}.")
    print(f"\n{text}")
    found = figures.as_json(results, checked, model=model, tasks=len(given))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "results.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    chart.write(results, options.out / "chart.svg", options.out / "chart.png", model=model)
    if options.docs:
        report.write_into(_DOCUMENT, text)
        chart.write(results, _CHART.with_suffix(".svg"), _CHART.with_suffix(".png"), model=model)
    return 0 if all(aim.is_met for aim in checked) else 1


def _say(line: str) -> None:
    print(line, flush=True)


def _provider(options: argparse.Namespace) -> Provider:
    if options.upstream:
        if not options.model:
            raise BenchError("--upstream needs --model.")
        return Provider("openai", options.upstream.rstrip("/"), options.key, options.model)
    url = os.environ.get("METACLAW_PRACTICE_URL", "")
    if not url:
        raise BenchError("There is no practice model here: use `make bench-learning`.")
    return Provider("practice", url.rstrip("/"), "", "practice-1")


def _address(listener: str) -> str:
    port = os.environ.get(f"METACLAW_{listener}_PORT", "")
    if not port:
        raise BenchError("There is no stack beside this: use `make bench-learning`.")
    return f"http://127.0.0.1:{port}"


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
    import django

    django.setup()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.learning", description=__doc__)
    parser.add_argument("--upstream", help="a real provider's address, up to and with /v1")
    parser.add_argument("--model", default="", help="its model, which also judges and proposes")
    parser.add_argument(
        "--key", default=os.environ.get("BENCH_UPSTREAM_KEY", ""), help="or BENCH_UPSTREAM_KEY"
    )
    parser.add_argument("--arm", action="append", help="only this arm; may be repeated")
    parser.add_argument("--tasks", type=int, help="only the first so many")
    parser.add_argument("--patience", type=float, help="seconds to wait for a proposal")
    parser.add_argument("--out", type=Path, default=_FOLDER, help="where results and chart go")
    parser.add_argument("--docs", action="store_true", help="also renew docs/bench-learning.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
