"""``python -m bench``: measure the gateway against its aims.

Runs beside a database and Redis with the product's tables (``make bench`` brings a stack of its
own) and exits with 1 when an aim is missed, with 2 when nothing could be measured.
"""

import argparse
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from bench import compiler, report, scenarios
from bench.errors import BenchError
from bench.load import Target

_FOLDER = Path(__file__).parent
_RESULTS = _FOLDER / "results.json"
_DOCUMENT = _FOLDER.parent / "docs" / "benchmarks.md"


def main() -> int:
    options = _parser().parse_args()
    only_faults = options.faults or bool(options.only)
    is_met = True
    try:
        compiler.build()
        _set_up_django()
        if options.all or not only_faults:
            is_met = _measure_speed(options)
        if options.all or only_faults:
            is_met = _measure_faults(options) and is_met
    except BenchError as exc:
        print(f"bench: {exc}", file=sys.stderr)
        return 2
    return 0 if is_met else 1


def _measure_speed(options: argparse.Namespace) -> bool:
    from bench import gateway

    choices = gateway.Choices(
        extent=_extent(options),
        peers=tuple(_peer(text) for text in options.peer),
        upstream_port=options.upstream_port,
        folder=_data_folder(),
    )
    found = gateway.run(choices, _say)
    print(f"\n{report.text(found)}\n", flush=True)
    report.write_json(found, _RESULTS)
    if options.docs:
        report.write_into(_DOCUMENT, found)
    return found.is_met


def _measure_faults(options: argparse.Namespace) -> bool:
    from bench.faults import finding, run, tables

    extent = finding.quick()
    if not options.quick:
        extent = finding.full(minutes=max(0.1, options.minutes), kills=max(1, options.kills))
    found = run.run(extent, only=options.only, folder=_data_folder(), say=_say)
    print(f"\n{tables.text(found)}\n", flush=True)
    if not options.only:
        # Some rows alone are for a look; what is published is all of them, of one run.
        tables.write_json(found, _RESULTS)
        if options.docs:
            tables.write_into(_DOCUMENT, found)
    return found.is_met


def _say(line: str) -> None:
    print(line, flush=True)


def _extent(options: argparse.Namespace) -> scenarios.Extent:
    if options.quick:
        return scenarios.quick()
    return scenarios.full(rounds=max(1, options.rounds), seconds=max(0.1, options.seconds))


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")
    # The fake provider listens on this machine.
    os.environ["METACLAW_ALLOW_PRIVATE_UPSTREAMS"] = "1"
    import django

    from metaclaw_web.env import BadSetting

    try:
        django.setup()
    except BadSetting as exc:
        raise BenchError(str(exc)) from exc


def _data_folder() -> Path | None:
    """On the same disk as the product's data: the spool is synced to it."""
    folder = os.environ.get("METACLAW_VAR_DIR", "")
    return Path(folder) if folder else None


def _peer(text: str) -> Target:
    name, _, url = text.partition("=")
    parts = urlsplit(url)
    if not name or parts.scheme != "http" or not parts.hostname or not parts.port:
        raise BenchError(f"--peer {text}: has to be NAME=http://ADDRESS:PORT/v1")
    return Target(name, url.rstrip("/"), ("authorization: Bearer bench",))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="some of each, to see it work")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="default: 3")
    parser.add_argument(
        "--seconds", type=float, default=2.0, metavar="S", help="length of a round, default: 2"
    )
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME=URL",
        help="another gateway to measure beside ours, in front of the same fake provider",
    )
    parser.add_argument(
        "--upstream-port",
        type=int,
        default=0,
        metavar="N",
        help="fixed port of the fake provider, for the configuration of a peer",
    )
    parser.add_argument(
        "--faults", action="store_true", help="the rows about reliability instead of those of speed"
    )
    parser.add_argument("--all", action="store_true", help="the rows of speed, then the others")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="of the rows about reliability this one; may be given several times",
    )
    parser.add_argument(
        "--minutes", type=float, default=2.0, metavar="N", help="of the soak, default: 2"
    )
    parser.add_argument(
        "--kills", type=int, default=200, metavar="N", help="of the gateway, default: 200"
    )
    parser.add_argument(
        "--docs", action="store_true", help="put the tables into docs/benchmarks.md"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
